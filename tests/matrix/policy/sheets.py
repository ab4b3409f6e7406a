"""Excel out of lists, and the own files."""

from django.urls import reverse

from tests.matrix.policy.table import page

# relation     office deputy reader reporter unit_head monitor registrar administrator former

page("records:own_files", get="plain 200", post="plain 405", strangers_post="405")
page(
    "records:own_file_remove",
    of="job",
    get="own 405\nforeign 405\nmissing 405",
    strangers="405",
    strangers_post="in",
    post="own 302+\nforeign 404\nmissing 404",
)


def sheet(key: str, answers: str, loc=lambda world: "", name: str = "") -> None:
    """The button of one list: a short list is handed over at once, and the log says so.

    Args:
        answers: of the signed-in people, as in a table. loc: what the page's address says.
    """
    page(
        f"records:sheet {name or key}",
        url=lambda world, relation, person: reverse("records:sheet", args=[key]),
        get="plain 405",
        post=f"plain {answers}",
        data=lambda world, relation, person: {"loc": loc(world)},
        strangers="405",
        strangers_post="in",
    )


EVERYBODY = "200+ 200+ 200+ 200+ 200+ 200+ 200+ 200+ 200+"

sheet("khong-co", "404 404 404 404 404 404 404 404 404")
sheet("phan-viec", EVERYBODY)
