from django.urls import path

# The OpenAPI document finds the authentication schemes by this import.
from . import schema  # noqa: F401
from .views.children import ChildrenView, ChildView
from .views.me import AvatarView, MeView
from .views.pets import PetsView, PetView
from .views.sign_in import LogoutView, RefreshView, RegisterView, TokenView

urlpatterns = [
    path("auth/register", RegisterView.as_view()),
    path("auth/token", TokenView.as_view()),
    path("auth/token/refresh", RefreshView.as_view()),
    path("auth/logout", LogoutView.as_view()),
    path("me", MeView.as_view()),
    path("me/avatar", AvatarView.as_view()),
    path("me/pets", PetsView.as_view()),
    path("me/pets/<str:pet_id>", PetView.as_view()),
    path("me/children", ChildrenView.as_view()),
    path("me/children/<str:child_id>", ChildView.as_view()),
]
