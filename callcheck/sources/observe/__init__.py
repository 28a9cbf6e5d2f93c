"""How is an app started so that its agents write down what happens in it?"""
