"""Addresses of signing in, under /accounts/."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from conference.event import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("link/<str:token>/", views.link, name="sign-in-link"),
    path("", views.staff_start, name="staff-start"),
]
