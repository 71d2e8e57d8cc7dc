"""Backups: the database and the uploads in one folder, made under load, checked, brought back.

* ``taking`` makes one and ``checking`` proves it: loaded beside, compared table by table and file
  by file; a backup that is not equal to what was there is not kept;
* ``returning`` brings one back and compares once more;
* ``running`` is a whole run: several tries, a record of each (``common.BackupRun``), letters;
* ``mariadb`` and ``sqlite`` know their databases, ``uploads`` the files, ``manifest`` what is
  written down about both, ``shelf`` where backups lie and how many are kept.
"""
