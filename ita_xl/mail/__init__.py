"""Sending a workbook: recipients, letter, message; drafts for a mail program, and delivery."""
