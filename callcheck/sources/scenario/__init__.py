"""How are the requests of a scenario read from a file and sent to an app? `callcheck webhook` and `callcheck observe` send them alike."""
