"""Word templates in an office's own words: which fields one uses, whether it is safe, filling it in (docxtpl).

A template may show fields, repeat a part for each row of a known list, and leave a part out where a field is empty; it
computes nothing. What it holds is read as a tree before it is filled: a name that is not known, a filter, a call, an
attribute, another file are refused, whatever the sandbox would have said. Values are escaped: a name with "&" stays a name.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import escape

from tasks.errors import Refused

MOST_BYTES = 2_000_000
# Of one part, unpacked: a letter with a crest has some tens of thousands.
MOST_MARKUP = 3_000_000
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
_TAGS = re.compile(r"<[^>]+>")
# "{{r name}}" would put a text where Word wants a run.
_PARTS = re.compile(r"\{\{\s*(?:r|p|tr|tc)\s")
# Merging and colouring cells by the template package's own words computes.
_OWN_WORDS = re.compile(r"\{%\s*(?:colspan|cellbg|vm|hm)\b")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Each copy of a paragraph would bring them again.
_ONCE = re.compile(r'<w:bookmark(?:Start|End)\b[^>]*/>|\sw14:(?:paraId|textId)="[^"]*"')
_SECTION_KIND = re.compile(r"<w:type\b[^>]*/>")
_TINY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
_TIGHT = '<w:spacing w:before="0" w:after="0"/>'
# What a trial is filled with: everything that must not come out as markup.
_TRIAL = "&<>\"' A"


@dataclass(frozen=True)
class Fields:
    """What a kind of template knows.

    names: field → what it is, in words; common: those of them that are the same in every copy, the only ones that may stand
    in heads and feet of pages; required: those without which a copy is useless; lists: list → its own fields.
    """

    names: Mapping[str, str]
    required: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class TemplateRefused(Refused):
    """A file that is no good as a template. problems: sentences for the screen."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def check(data: bytes, fields: Fields) -> set[str]:
    """The fields that a template uses. Errors: TemplateRefused with everything that is wrong, or unknown, or missing."""
    template = _opened(data)
    problems: list[str] = []
    used: set[str] = set()
    for xml, known in _parts(template, fields):
        if len(xml) > MOST_MARKUP:
            raise TemplateRefused(["Mẫu quá lớn. Hãy bỏ bớt hình và nội dung không cần."])
        plain = _TAGS.sub("", xml)
        if _PARTS.search(plain) or _OWN_WORDS.search(plain):
            problems.append("Chỉ viết trường dạng {{ ten_truong }}, không thêm chữ trước tên và không dùng lệnh gộp ô.")
            continue
        tree = _tree(template.patch_xml(xml), problems)
        if tree is not None:
            used |= _names(tree.body, known, {}, problems, fields)
    missing = sorted(fields.required - used)
    if missing and not problems:
        problems.append(
            "Mẫu thiếu trường: " + ", ".join(f"{{{{ {name} }}}} ({fields.names[name]})" for name in missing) + "."
        )
    problems += _elsewhere(template)
    if problems:
        raise TemplateRefused(list(dict.fromkeys(problems)))
    _try(data, fields)
    return used


def fill(
    data: bytes, copies: Iterable[Mapping[str, Any]], *, common: Mapping[str, Any], banner: str = "", step=None
) -> bytes:
    """One file with a filled copy for each of `copies`, each on pages of its own.

    Args:
        data: a template that passed check.
        copies: field → text, lists → rows of field → text.
        common: what every copy has too, and all that heads and feet of pages have.
        banner: a line at the top of every copy.
        step: told how many copies are done.

    Errors: TemplateRefused where a field is missing in what is filled in.
    """
    template = _opened(data)
    opening, inner, section = _split(template.patch_xml(template.get_xml()))
    page = _ENVIRONMENT.from_string(_ONCE.sub("", inner))
    parts: list[str] = []
    top = _banner(banner) if banner else ""
    for number, values in enumerate(copies, start=1):
        if parts:
            parts.append(f"<w:p><w:pPr>{_TINY}{section}</w:pPr></w:p>")
        parts.append(top + page.render(_clean({**common, **values})))
        if step is not None:
            step(number)
    body = etree.fromstring("".join([opening, *parts, section, "</w:body>"]), _parser())
    template.fix_docpr_ids(body)
    template.map_tree(body)
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for key, part in template.get_headers_footers(uri):
            xml = _ENVIRONMENT.from_string(template.patch_xml(template.get_part_xml(part))).render(_clean(common))
            etree.fromstring(xml.encode(), _parser())
            template.map_headers_footers_xml(key, xml)
    buffer = io.BytesIO()
    template.docx.save(buffer)
    return buffer.getvalue()


def _opened(data: bytes) -> DocxTemplate:
    if len(data) > MOST_BYTES:
        raise TemplateRefused([f"Tệp mẫu lớn nhất {MOST_BYTES // 1_000_000} MB."])
    template = DocxTemplate(io.BytesIO(data))
    try:
        template.render_init()
        # python-docx asks for it late.
        template.get_xml()
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, etree.XMLSyntaxError):
        raise TemplateRefused(["Không mở được tệp này bằng Word. Hãy lưu lại dạng .docx rồi gửi lại."]) from None
    return template


def _parts(template: DocxTemplate, fields: Fields) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The markup of body, heads and feet, each with the fields that may stand there."""
    yield template.get_xml(), fields.names
    common = {name: words for name, words in fields.names.items() if name in fields.common}
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part), common


def _elsewhere(template: DocxTemplate) -> list[str]:
    """Fields in footnotes and comments are not filled in."""
    for part in template.docx.part.package.iter_parts():
        kind = str(part.content_type)
        if kind.endswith(("footnotes+xml", "endnotes+xml", "comments+xml")):
            text = _TAGS.sub("", part.blob.decode("utf-8", "replace"))
            if "{{" in text or "{%" in text:
                return ["Trường trong chú thích, nhận xét không được điền; hãy chuyển vào nội dung chính."]
    return []


def _tree(source: str, problems: list[str]) -> nodes.Template | None:
    try:
        return _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        token = _shown(str(error.message))
        problems.append(
            f"Một trường hoặc một vòng lặp viết chưa đúng ({token}). Viết {{{{ ten_truong }}}}; mỗi {{% for … %}} có một {{% endfor %}}."
        )
    except RecursionError:
        problems.append("Mẫu lồng các phần vào nhau quá sâu.")
    return None


def _shown(words: str) -> str:
    """Words of a program, short and without markup."""
    return " ".join(_TAGS.sub("", words).split())[:80]


def _names(
    found: Iterable[nodes.Node],
    known: Mapping[str, str],
    rows: Mapping[str, Mapping[str, str]],
    problems: list[str],
    fields: Fields,
) -> set[str]:
    """The fields that a stretch uses; what is not allowed goes to `problems`. rows: name in a loop → its fields."""
    used: set[str] = set()
    for node in found:
        if isinstance(node, nodes.TemplateData):
            continue
        if isinstance(node, nodes.Output):
            used |= _names(node.nodes, known, rows, problems, fields)
        elif isinstance(node, nodes.Name):
            used |= _one_name(node, known, rows, problems, fields)
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in rows:
            if node.attr not in rows[node.node.name]:
                problems.append(_unknown(f"{node.node.name}.{node.attr}", rows[node.node.name]))
        elif isinstance(node, nodes.If):
            asked = _test_of(node)
            # Whether a list has rows at all may be asked as well.
            is_list = isinstance(asked, nodes.Name) and asked.name in fields.lists
            used |= {asked.name} if is_list else _names([asked], known, rows, problems, fields)  # type: ignore[attr-defined]
            used |= _names([*node.body, *node.elif_, *node.else_], known, rows, problems, fields)
        elif isinstance(node, nodes.For):
            used |= _loop(node, known, rows, problems, fields)
        else:
            problems.append(
                f"Mẫu chỉ được ghi tên trường, vòng lặp và “nếu có”; không được dùng {_WORDS.get(type(node), 'lệnh khác')}."
            )
    return used


_WORDS: dict[type, str] = {
    nodes.Filter: "bộ lọc (dấu |)",
    nodes.Call: "lời gọi hàm",
    nodes.Getattr: "dấu chấm sau tên trường",
    nodes.Getitem: "dấu ngoặc vuông",
    nodes.Include: "tệp khác",
    nodes.Import: "tệp khác",
    nodes.FromImport: "tệp khác",
    nodes.Extends: "tệp khác",
    nodes.Assign: "lệnh đặt giá trị",
    nodes.Macro: "lệnh tự đặt",
    nodes.Const: "chữ hoặc số trong ngoặc",
}


def _test_of(node: nodes.If) -> nodes.Node:
    """What is asked: the field, also behind a "not"."""
    return node.test.node if isinstance(node.test, nodes.Not) else node.test


def _one_name(node, known, rows, problems, fields) -> set[str]:
    if node.name in known:
        return {node.name}
    if node.name in rows:
        problems.append(f"Sau “{node.name}” cần dấu chấm và tên trường của dòng.")
    elif node.name in fields.names:
        problems.append(f"Trường {{{{ {node.name} }}}} khác nhau ở từng bản, không đặt ở đầu trang hoặc chân trang.")
    else:
        problems.append(_unknown(node.name, known))
    return set()


def _unknown(name: str, known: Mapping[str, str]) -> str:
    return f"Không có trường “{_shown(name)}”. Các trường dùng được: {', '.join(known)}."


def _loop(node: nodes.For, known, rows, problems, fields: Fields) -> set[str]:
    name = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    if name not in fields.lists or not isinstance(node.target, nodes.Name) or node.test or node.recursive or rows:
        lists = ", ".join(fields.lists) or "mẫu này không có danh sách nào"
        problems.append(f"Vòng lặp chỉ viết dạng {{% for dong in danh_sach %}}, không lồng nhau; danh sách: {lists}.")
        return set()
    inside = {node.target.name: fields.lists[name]}
    return {name} | _names([*node.body, *node.else_], known, inside, problems, fields)


def _try(data: bytes, fields: Fields) -> None:
    """Fill it in once, with the worst that a name may hold. Errors: TemplateRefused where Word could not open that."""
    row = {name: dict.fromkeys(own, _TRIAL) for name, own in fields.lists.items()}
    copy: dict[str, Any] = dict.fromkeys(fields.names, _TRIAL)
    copy |= {name: [values, values] for name, values in row.items()}
    empty: dict[str, Any] = dict.fromkeys(fields.names, "") | {name: [] for name in fields.lists}
    common = dict.fromkeys(fields.common, _TRIAL)
    try:
        # Apart: what one copy leaves open the other could close.
        fill(data, [copy], common=common)
        fill(data, [empty], common=common)
    except (etree.XMLSyntaxError, ValueError):
        raise TemplateRefused(
            [
                "Một vòng lặp hoặc một phần “nếu có” mở và đóng ở hai đoạn khác nhau. Viết {%p for … %} và {%p endfor %}"
                " mỗi lệnh trên một đoạn riêng, hoặc cả hai trong một đoạn; trong bảng viết {%tr for … %}."
            ]
        ) from None


def _banner(words: str) -> str:
    return f'<w:p><w:pPr>{_TIGHT}<w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="20"/></w:rPr><w:t>{escape(words)}</w:t></w:r></w:p>'


def _split(xml: str) -> tuple[str, str, str]:
    """The body's markup: its opening tag, what stands inside, the page set-up at its end."""
    start = xml.index(">", xml.index("<w:body")) + 1
    inner = xml[start : xml.rindex("</w:body>")]
    place = inner.rfind("<w:sectPr")
    # The set-up of a paragraph inside belongs to that paragraph.
    if place < 0 or "</w:p>" in inner[place:]:
        return xml[:start], inner, ""
    # Without a kind a part begins on a new page.
    return xml[:start], inner[:place], _SECTION_KIND.sub("", inner[place:])


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without what a Word file cannot hold."""
    return {
        name: [_clean(row) for row in value] if isinstance(value, list) else _NOT_IN_XML.sub("", str(value))
        for name, value in values.items()
    }


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
