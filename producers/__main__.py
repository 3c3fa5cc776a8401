"""`python -m producers` is pso-produce."""

from producers.cli import main

if __name__ == "__main__":
    main()
