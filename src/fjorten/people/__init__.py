"""Persons as the register tells of them: identifiers, names, residence, protection, family. Facts with periods and a source."""
