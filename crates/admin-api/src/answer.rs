//! Answers other than 200.

use poem_openapi::ApiResponse;
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;

/// Something was made.
#[derive(ApiResponse)]
pub(crate) enum Created<T: ToJSON + Send + Sync> {
    /// It was made.
    #[oai(status = 201)]
    Created(Json<T>),
}

/// Something began that ends later.
#[derive(ApiResponse)]
pub(crate) enum Accepted<T: ToJSON + Send + Sync> {
    /// It has begun.
    #[oai(status = 202)]
    Accepted(Json<T>),
}

/// Done, with nothing to say.
#[derive(ApiResponse)]
pub(crate) enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

/// The same for something that is made.
pub(crate) fn created<T: ToJSON + Send + Sync>(made: T) -> Created<T> {
    Created::Created(Json(made))
}
