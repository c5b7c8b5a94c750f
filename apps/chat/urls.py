from django.urls import path

from . import views

app_name = "chat"

urlpatterns = [
    path("", views.index, name="list"),
    path("conversation/<int:pk>/", views.conversation, name="conversation"),
    path("leave/<int:pk>/<int:number>/", views.leave, name="leave"),
    path("start/<int:listing_id>/", views.start, name="start"),
]
