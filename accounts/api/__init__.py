"""The API of people: sign-in of apps, the caller's own profile, pets and children."""
