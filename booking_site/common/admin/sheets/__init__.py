"""Lists as files: out of the back office (exporting) and, where it makes sense, in (importing)."""
