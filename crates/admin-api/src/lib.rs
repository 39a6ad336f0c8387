//! The admins' and API clients' door
