//! What people type, checked field by field, so that all that is wrong is said at once.

use crate::failure::{Failure, FieldError};

/// Checks of one form.
#[derive(Debug, Default)]
pub(crate) struct Form {
    errors: Vec<FieldError>,
}

impl Form {
    /// Notes what is wrong with a field.
    pub(crate) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// One line of text without spaces around it: 1 to `most` characters, none that cannot be seen.
    pub(crate) fn line(&mut self, field: &str, text: &str, most: usize) -> String {
        let text = text.trim();
        if text.is_empty() {
            self.wrong(field, "must not be empty");
        } else if text.chars().count() > most {
            self.wrong(field, format!("has at most {most} characters"));
        } else if text.chars().any(char::is_control) {
            self.wrong(field, "must be one line of text");
        }
        text.to_owned()
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// All that is wrong.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::Invalid(self.errors)) }
    }
}
