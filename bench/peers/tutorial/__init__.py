"""The chat of the Channels tutorial, made durable as its readers do: one process's worth of Django."""
