//! Private rows of the tables around the directory, with their conversions to domain records.

pub(crate) mod admin;
pub(crate) mod admin_role;
pub(crate) mod connection;
pub(crate) mod credential;
pub(crate) mod one_time_code;
pub(crate) mod server_key;
pub(crate) mod session;
pub(crate) mod setup_link;
pub(crate) mod sync_event;
pub(crate) mod sync_event_body;
pub(crate) mod sync_event_identifier;
pub(crate) mod tenant;
