from django.urls import path

from .views import browse, sell

app_name = "listings"
urlpatterns = [
    path("", browse.home, name="home"),
    path("suggest/", browse.suggestions, name="suggest"),
    path("game/<slug:slug>/", browse.game, name="game"),
    path("listing/create/", sell.create, name="create"),
    path("listing/<int:pk>/", browse.detail, name="detail"),
    path("listing/<int:pk>/edit/", sell.edit, name="edit"),
    path("listing/<int:pk>/delete/", sell.delete, name="delete"),
]
