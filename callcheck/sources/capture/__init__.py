"""What stands in an archive that `callcheck capture` wrote, or somebody else?"""
