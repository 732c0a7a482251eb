"""From nouns to what people read: alerts and findings as a `Message`, a `Message` in a platform's form.

Pure, and ignorant of feeds.
"""
