"""The user's guide: the general page is open, the others are for everybody who is signed in."""

from django.urls import reverse

from tests.matrix.policy.table import page

page("guide", get="plain 200", post="plain 405", strangers="200", strangers_post="405")
page(
    "guide_page",
    url=lambda world, relation, person: reverse("guide_page", args=["don-vi" if relation == "written" else "khong-co"]),
    get="written 200\nmissing 404",
    post="written 405\nmissing 405",
    strangers_post="405",
)
