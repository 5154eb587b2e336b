"""Our own user model, in place from the first migration so that it never has to be swapped in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Finds users by their sign-in name."""


class User(AbstractBaseUser):
    """
    A person who signs in. There is no superuser: nobody sees clinical data because of a flag.

    A user without a usable password can only come in through the sign-in service.
    """

    login = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.display_name
