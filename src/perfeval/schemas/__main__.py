"""`python -m perfeval.schemas` writes the schemas that ship."""

from perfeval.schemas import write

if __name__ == "__main__":
    write()
