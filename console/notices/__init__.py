"""The notice board (공지사항): what the office tells its people, and who has read it."""
