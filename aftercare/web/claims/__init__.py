"""Claims on suppliers: registers, document, answers, files, comparison."""
