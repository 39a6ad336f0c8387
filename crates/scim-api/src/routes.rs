//! The route table, as data: whoever wants to know every address of the door reads it here, tests included.

use http::Method;

/// What an address and a method ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `POST /Users`.
    CreateUser,
    /// `GET /Users`.
    QueryUsers,
    /// `GET /Users/{id}`.
    ReadUser,
    /// `PUT /Users/{id}`.
    ReplaceUser,
    /// `PATCH /Users/{id}`.
    PatchUser,
    /// `DELETE /Users/{id}`.
    DeleteUser,
    /// `POST /Groups`.
    CreateGroup,
    /// `GET /Groups`.
    QueryGroups,
    /// `GET /Groups/{id}`.
    ReadGroup,
    /// `PUT /Groups/{id}`.
    ReplaceGroup,
    /// `PATCH /Groups/{id}`.
    PatchGroup,
    /// `DELETE /Groups/{id}`.
    DeleteGroup,
    /// `POST /Users/.search`.
    SearchUsers,
    /// `POST /Groups/.search`.
    SearchGroups,
    /// `POST /.search`, over all types.
    Search,
    /// `POST /Bulk`.
    Bulk,
    /// `/Me`, which this service does not offer.
    Me,
    /// `GET /ServiceProviderConfig`.
    ServiceProviderConfig,
    /// `GET /ResourceTypes`.
    ResourceTypes,
    /// `GET /ResourceTypes/{id}`.
    ResourceType,
    /// `GET /Schemas`.
    Schemas,
    /// `GET /Schemas/{id}`.
    Schema,
}

impl Action {
    /// Whether it asks what the service can do (RFC 7644 §4).
    pub(crate) fn discovers(self) -> bool {
        self.discovery().is_some()
    }

    /// The endpoint, when it does.
    pub(crate) fn discovery(self) -> Option<&'static str> {
        match self {
            Self::ServiceProviderConfig => Some("/ServiceProviderConfig"),
            Self::ResourceTypes | Self::ResourceType => Some("/ResourceTypes"),
            Self::Schemas | Self::Schema => Some("/Schemas"),
            _ => None,
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method; HEAD goes where GET goes.
    pub method: Method,
    /// The path below `/scim/{tenant}/v2`, or what stands in it before an id.
    pub collection: &'static str,
    /// Whether an id follows.
    pub item: bool,
    /// What it asks for.
    pub action: Action,
    /// Whether it changes the directory.
    pub writes: bool,
    /// What it is called in the sync log.
    pub operation: &'static str,
}

impl Route {
    /// Whether a body belongs to the request. `/Me` answers without it.
    pub(crate) fn takes_a_body(&self) -> bool {
        matches!(self.method, Method::POST | Method::PUT | Method::PATCH) && self.action != Action::Me
    }
}

const fn reads(collection: &'static str, item: bool, action: Action, operation: &'static str) -> Route {
    Route { method: Method::GET, collection, item, action, writes: false, operation }
}

const fn writes(method: Method, collection: &'static str, item: bool, action: Action, operation: &'static str) -> Route {
    Route { method, collection, item, action, writes: true, operation }
}

const fn searches(collection: &'static str, action: Action) -> Route {
    Route { method: Method::POST, collection, item: false, action, writes: false, operation: "look-up" }
}

/// Every address of the door.
pub const ROUTES: &[Route] = &[
    writes(Method::POST, "Users", false, Action::CreateUser, "create"),
    reads("Users", false, Action::QueryUsers, "look-up"),
    reads("Users", true, Action::ReadUser, "read"),
    writes(Method::PUT, "Users", true, Action::ReplaceUser, "replace"),
    writes(Method::PATCH, "Users", true, Action::PatchUser, "update"),
    writes(Method::DELETE, "Users", true, Action::DeleteUser, "delete"),
    writes(Method::POST, "Groups", false, Action::CreateGroup, "create"),
    reads("Groups", false, Action::QueryGroups, "look-up"),
    reads("Groups", true, Action::ReadGroup, "read"),
    writes(Method::PUT, "Groups", true, Action::ReplaceGroup, "replace"),
    writes(Method::PATCH, "Groups", true, Action::PatchGroup, "update"),
    writes(Method::DELETE, "Groups", true, Action::DeleteGroup, "delete"),
    searches("Users/.search", Action::SearchUsers),
    searches("Groups/.search", Action::SearchGroups),
    searches(".search", Action::Search),
    writes(Method::POST, "Bulk", false, Action::Bulk, "bulk"),
    reads("Me", false, Action::Me, "read"),
    writes(Method::POST, "Me", false, Action::Me, "create"),
    writes(Method::PUT, "Me", false, Action::Me, "replace"),
    writes(Method::PATCH, "Me", false, Action::Me, "update"),
    writes(Method::DELETE, "Me", false, Action::Me, "delete"),
    reads("ServiceProviderConfig", false, Action::ServiceProviderConfig, "discover"),
    reads("ResourceTypes", false, Action::ResourceTypes, "discover"),
    reads("ResourceTypes", true, Action::ResourceType, "discover"),
    reads("Schemas", false, Action::Schemas, "discover"),
    reads("Schemas", true, Action::Schema, "discover"),
];

/// What the table says of a request.
#[derive(Debug)]
pub(crate) enum Found<'p> {
    /// A row, and the id in the path.
    Route(&'static Route, &'p str),
    /// The address takes other methods: these, for `Allow`.
    OtherMethods(String),
    /// No such address.
    Nothing,
}

/// Finds the row for a method and a path below the tenant's SCIM address. A slash at the end changes nothing; names of
/// collections are compared exactly, as addresses are.
pub(crate) fn find<'p>(method: &Method, path: &'p str) -> Found<'p> {
    // A base URL that ends in a slash gives two (Okta).
    let path = path.trim_start_matches('/');
    let path = path.strip_suffix('/').unwrap_or(path);
    let whole = ROUTES.iter().any(|route| !route.item && route.collection == path);
    let split = if whole { None } else { path.split_once('/') };
    let (collection, id) = split.map_or((path, None), |(collection, id)| (collection, Some(id)));
    if id.is_some_and(|id| id.is_empty() || id.contains('/')) {
        return Found::Nothing;
    }
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let here = || ROUTES.iter().filter(|route| route.collection == collection && route.item == id.is_some());
    if let Some(route) = here().find(|route| route.method == *method) {
        return Found::Route(route, id.unwrap_or_default());
    }
    let mut allowed: Vec<&str> = here().map(|route| route.method.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    if allowed.is_empty() { Found::Nothing } else { Found::OtherMethods(allowed.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_goes_where_get_goes() {
        assert!(matches!(find(&Method::HEAD, "/Users/1"), Found::Route(route, "1") if route.action == Action::ReadUser));
    }

    #[test]
    fn an_address_without_the_method_says_which_it_takes() {
        assert!(matches!(find(&Method::DELETE, "/Users"), Found::OtherMethods(allow) if allow == "POST, GET, HEAD"));
        assert!(matches!(find(&Method::GET, "/Users/1/2"), Found::Nothing));
        assert!(matches!(find(&Method::GET, "/users"), Found::Nothing));
        assert!(matches!(find(&Method::GET, "/Users/.search"), Found::OtherMethods(allow) if allow == "POST"));
        assert!(matches!(find(&Method::GET, "//Users"), Found::Route(route, "") if route.action == Action::QueryUsers));
        assert!(matches!(find(&Method::POST, "/.search/"), Found::Route(route, "") if route.action == Action::Search));
    }
}
