"""What arrives at a receiver of our own while an app is driven? Nothing here is imported, and no port opened, without `callcheck webhook`."""
