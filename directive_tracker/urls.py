"""All addresses; each room keeps its own."""

urlpatterns = []
