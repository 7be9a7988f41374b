from aftercare.web.field.tests.conftest import company  # noqa: F401  the same small company
