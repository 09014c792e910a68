"""Test cases for programming problems, by the paper's protocol (section 2.3.5). See docs/test-cases.md.

A generator program gives inputs (`generate.py`), accepted submissions vote on their outputs (`agreement.py`), and
what is left is counted (`funnel.py`) and put to the test (`catch.py`); `curate.py` puts this together.
"""
