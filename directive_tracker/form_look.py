"""How crispy forms are laid out here: plain rows, labels above, buttons and form tag in the template."""

from crispy_forms.helper import FormHelper


class PlainHelper(FormHelper):
    """A helper for forms whose page writes the form tag, the CSRF token, the error summary and the buttons."""

    form_tag = False
    disable_csrf = True
    form_show_errors = True
    error_text_inline = True
    help_text_inline = False
    include_media = False
    label_class = "form-label"
    field_class = "dt-field"
