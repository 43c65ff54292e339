"""`python -m munirules`: the command line."""

from munirules.cli import main

if __name__ == "__main__":
    main()
