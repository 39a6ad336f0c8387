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
        if let Err(error) = domain::line::line(text, most) {
            self.wrong(field, error.to_string());
        }
        text.trim().to_owned()
    }

    /// Ends the checks.
    ///
    /// # Errors
    /// All that is wrong.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        if self.errors.is_empty() { Ok(()) } else { Err(Failure::Invalid(self.errors)) }
    }
}
