"""What does a scenario come to when the same app runs as one, two or four copies?"""
