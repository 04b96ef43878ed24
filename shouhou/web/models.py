from django.db import models

from shouhou.access.models import User
from shouhou.access.once import SentOnce
from shouhou.access.wall import BranchForeignKey, BranchRow
from shouhou.kernel.ids import uuid7


class SentForm(SentOnce):
    """A form that was sent, and the page that its act led to. Written in the transaction of the act."""

    location = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="web_form_once")]
        indexes = [models.Index(fields=["created_at"], name="web_form_age")]


class TourSeen(models.Model):
    """A tour that a person has walked or closed: it does not come back by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    tour = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "tour"], name="web_tour_once")]

    def __str__(self) -> str:
        return self.tour


class SavedView(BranchRow):
    """A way to look at the register that has a name: what narrows it, which columns it shows. A shared one is the branch's."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    address = models.CharField(max_length=1000, help_text="What stands behind the question mark in the list's address.")
    shared = models.BooleanField(default=False)

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "owner", "name"], name="web_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningView(BranchRow):
    """With which view the register opens for a person."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    view = BranchForeignKey(SavedView, on_delete=models.PROTECT, related_name="opens_for")

    class Meta(BranchRow.Meta):
        constraints = [
            *BranchRow.Meta.constraints,
            models.UniqueConstraint(fields=["branch", "user"], name="web_one_opening_view"),
        ]

    def __str__(self) -> str:
        return str(self.view_id)
