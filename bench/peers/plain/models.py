"""LootLink's tables, as a plain project would describe them."""

from django.db import models


class Game(models.Model):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)

    class Meta:
        managed = False
        db_table = "listings_game"
        ordering = ["name"]


class Trader(models.Model):
    username = models.CharField(max_length=150)

    class Meta:
        managed = False
        db_table = "accounts_customuser"


class Profile(models.Model):
    user = models.OneToOneField(Trader, models.CASCADE, primary_key=True, related_name="profile")
    rating = models.DecimalField(max_digits=3, decimal_places=2)

    class Meta:
        managed = False
        db_table = "accounts_profile"


class Listing(models.Model):
    seller = models.ForeignKey(Trader, models.CASCADE)
    game = models.ForeignKey(Game, models.CASCADE)
    title = models.CharField(max_length=200)
    description = models.TextField()
    price = models.DecimalField(max_digits=9, decimal_places=2)
    image = models.CharField(max_length=100)
    status = models.CharField(max_length=10)
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "listings_listing"
        ordering = ["-created_at"]
