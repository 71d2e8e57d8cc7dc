"""What goes wrong with backups, in words for whoever runs the site."""


class BackupError(Exception):
    """Nothing was made, or what lies there cannot be used. Carries no rows and no passwords."""
