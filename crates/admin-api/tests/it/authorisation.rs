//! Who may call what: a table of every operation, held against the document itself.

use domain::{FeedReader, ReaderKind, Role};
use serde_json::{Value, json};
use store::testing::{CreateGroup, CreateUser, event, origin};
use store::{SyncLogWriter, TenantChange, testing::On};

use crate::desk::Desk;
use crate::{on_both, roles};

/// Operation; what nobody, a viewer, a developer, an admin, an operator and another tenant's admin get.
pub(crate) const TABLE: &[(&str, [u16; 6])] = &[
    ("getSession", [401, 200, 200, 200, 200, 200]),
    ("signIn", [401, 401, 401, 401, 401, 401]),
    ("signOut", [401, 204, 204, 204, 204, 204]),
    ("checkWelcome", [410, 410, 410, 410, 410, 410]),
    ("becomeOperator", [410, 410, 410, 410, 410, 410]),
    ("getSignInOptions", [200, 200, 200, 200, 200, 200]),
    ("changeMe", [401, 204, 204, 204, 204, 204]),
    ("changeMyPassword", [401, 204, 204, 204, 204, 204]),
    ("listMySessions", [401, 200, 200, 200, 200, 200]),
    ("endMySession", [401, 404, 404, 404, 404, 404]),
    ("endMyOtherSessions", [401, 204, 204, 204, 204, 204]),
    ("requestPasswordReset", [202, 202, 202, 202, 202, 202]),
    ("checkPasswordReset", [410, 410, 410, 410, 410, 410]),
    ("usePasswordReset", [410, 410, 410, 410, 410, 410]),
    ("checkInvitation", [410, 410, 410, 410, 410, 410]),
    ("acceptInvitation", [410, 410, 410, 410, 410, 410]),
    ("joinByInvitation", [401, 410, 410, 410, 410, 410]),
    ("getMySignIn", [401, 200, 200, 200, 200, 200]),
    ("beginTotp", [401, 201, 201, 201, 201, 201]),
    ("confirmTotp", [401, 400, 400, 400, 400, 400]),
    ("disableTotp", [401, 404, 404, 404, 404, 404]),
    ("replaceRecoveryCodes", [401, 404, 404, 404, 404, 404]),
    ("clearSecondFactorOfPerson", [401, 403, 403, 403, 204, 403]),
    ("beginPasskey", [401, 200, 200, 200, 200, 200]),
    ("addPasskey", [401, 400, 400, 400, 400, 400]),
    ("removePasskey", [401, 404, 404, 404, 404, 404]),
    ("beginPasskeySignIn", [200, 200, 200, 200, 200, 200]),
    ("signInWithPasskey", [400, 400, 400, 400, 400, 400]),
    ("signInByProvider", [404, 404, 404, 404, 404, 404]),
    ("finishSignInByProvider", [404, 404, 404, 404, 404, 404]),
    ("listPeople", [401, 403, 403, 200, 200, 404]),
    ("changePerson", [401, 403, 403, 204, 204, 404]),
    ("removePerson", [401, 403, 403, 204, 404, 404]),
    ("listInvitations", [401, 403, 403, 200, 200, 404]),
    ("invite", [401, 403, 403, 201, 201, 404]),
    ("renewInvitation", [401, 403, 403, 201, 201, 404]),
    ("revokeInvitation", [401, 403, 403, 204, 404, 404]),
    ("listAllPeople", [401, 403, 403, 403, 200, 403]),
    ("changeAnyPerson", [401, 403, 403, 403, 204, 403]),
    ("removeAnyPerson", [401, 403, 403, 403, 204, 403]),
    ("endSessionsOfPerson", [401, 403, 403, 403, 204, 403]),
    ("resetPasswordOfPerson", [401, 403, 403, 403, 201, 403]),
    ("listOperatorInvitations", [401, 403, 403, 403, 200, 403]),
    ("inviteOperator", [401, 403, 403, 403, 201, 403]),
    ("renewOperatorInvitation", [401, 403, 403, 403, 201, 403]),
    ("revokeOperatorInvitation", [401, 403, 403, 403, 204, 403]),
    ("listApiKeys", [401, 403, 200, 200, 200, 404]),
    ("issueApiKey", [401, 403, 201, 201, 201, 404]),
    ("revokeApiKey", [401, 403, 403, 200, 200, 404]),
    ("listServiceApiKeys", [401, 403, 403, 403, 200, 403]),
    ("issueServiceApiKey", [401, 403, 403, 403, 201, 403]),
    ("revokeServiceApiKey", [401, 403, 403, 403, 200, 403]),
    ("listTenants", [401, 200, 200, 200, 200, 200]),
    ("createTenant", [401, 403, 403, 403, 201, 403]),
    ("getTenant", [401, 200, 200, 200, 200, 404]),
    ("changeTenant", [401, 403, 403, 403, 200, 404]),
    ("deleteTenant", [401, 403, 403, 403, 202, 404]),
    ("listOldSlugs", [401, 403, 403, 200, 200, 404]),
    ("dropOldSlug", [401, 403, 403, 204, 404, 404]),
    ("listConnections", [401, 403, 403, 200, 200, 404]),
    ("createConnection", [401, 403, 403, 201, 201, 404]),
    ("changeConnection", [401, 403, 403, 200, 200, 404]),
    ("getSetupChecks", [401, 403, 403, 200, 200, 404]),
    ("streamSetupChecks", [401, 403, 403, 200, 200, 404]),
    ("checkOurSide", [401, 403, 403, 200, 200, 404]),
    ("listSetupLinks", [401, 403, 403, 200, 200, 404]),
    ("createSetupLink", [401, 403, 403, 201, 201, 404]),
    ("revokeSetupLink", [401, 403, 403, 200, 200, 404]),
    ("openSetup", [410, 410, 410, 410, 410, 410]),
    ("getSetup", [401, 401, 401, 401, 401, 401]),
    ("getChecksOfSetup", [401, 401, 401, 401, 401, 401]),
    ("streamChecksOfSetup", [401, 401, 401, 401, 401, 401]),
    ("issueSetupCredential", [401, 401, 401, 401, 401, 401]),
    ("issueSetupClient", [401, 401, 401, 401, 401, 401]),
    ("finishSetup", [401, 401, 401, 401, 401, 401]),
    ("listCredentials", [401, 403, 403, 200, 200, 404]),
    ("issueCredential", [401, 403, 403, 201, 201, 404]),
    ("createOAuthClient", [401, 403, 403, 201, 201, 404]),
    ("getOAuthClient", [401, 403, 403, 200, 200, 404]),
    ("changeOAuthClient", [401, 403, 403, 200, 200, 404]),
    ("issueClientSecret", [401, 403, 403, 201, 201, 404]),
    ("revokeClientSecret", [401, 403, 403, 200, 200, 404]),
    ("rotateCredential", [401, 403, 403, 201, 201, 404]),
    ("getRotation", [401, 403, 403, 200, 200, 404]),
    ("revokeWhenQuiet", [401, 403, 403, 200, 200, 404]),
    ("revokeCredential", [401, 403, 403, 200, 200, 404]),
    ("reportLeakedToken", [404, 404, 404, 404, 404, 404]),
    ("listWebhooks", [401, 403, 200, 200, 200, 404]),
    ("createWebhook", [401, 403, 201, 201, 201, 404]),
    ("getWebhook", [401, 403, 200, 200, 200, 404]),
    ("changeWebhook", [401, 403, 200, 200, 200, 404]),
    ("deleteWebhook", [401, 403, 204, 404, 404, 404]),
    ("rotateWebhookSecret", [401, 403, 200, 200, 200, 404]),
    ("replayWebhook", [401, 403, 200, 200, 200, 404]),
    ("listDeliveries", [401, 403, 200, 200, 200, 404]),
    ("getDelivery", [401, 403, 200, 200, 200, 404]),
    ("testWebhook", [401, 403, 200, 200, 200, 404]),
    ("resendDelivery", [401, 403, 200, 200, 200, 404]),
    ("listSchemas", [401, 200, 200, 200, 200, 404]),
    ("registerSchema", [401, 403, 403, 201, 409, 404]),
    ("getSchema", [401, 200, 200, 200, 200, 404]),
    ("replaceSchema", [401, 403, 403, 200, 200, 404]),
    ("dropSchema", [401, 403, 403, 204, 404, 404]),
    ("listRoles", [401, 403, 403, 403, 200, 403]),
    ("createRole", [401, 403, 403, 403, 201, 403]),
    ("changeRole", [401, 403, 403, 403, 200, 403]),
    ("deleteRole", [401, 403, 403, 403, 204, 403]),
    ("listTenantRoles", [401, 200, 200, 200, 200, 404]),
    ("listRoleMappings", [401, 200, 200, 200, 200, 404]),
    ("previewRoleMapping", [401, 403, 403, 200, 200, 404]),
    ("mapRole", [401, 403, 403, 204, 204, 404]),
    ("unmapRole", [401, 403, 403, 204, 404, 404]),
    ("listUsers", [401, 200, 200, 200, 200, 404]),
    ("getUser", [401, 200, 200, 200, 200, 404]),
    ("listGroupsOfUser", [401, 200, 200, 200, 200, 404]),
    ("listGroups", [401, 200, 200, 200, 200, 404]),
    ("getGroup", [401, 200, 200, 200, 200, 404]),
    ("listMembers", [401, 200, 200, 200, 200, 404]),
    ("findUserAccess", [401, 200, 200, 200, 200, 404]),
    ("getUserAccess", [401, 200, 200, 200, 200, 404]),
    ("acknowledgeChanges", [401, 403, 200, 200, 200, 404]),
    ("listAcknowledgements", [401, 200, 200, 200, 200, 404]),
    ("forgetReader", [401, 403, 204, 404, 404, 404]),
    ("listUnresolvedMembers", [401, 200, 200, 200, 200, 404]),
    ("countUnresolvedMembers", [401, 200, 200, 200, 200, 404]),
    ("listChanges", [401, 200, 200, 200, 200, 404]),
    ("streamChanges", [401, 200, 200, 200, 200, 404]),
    ("getSnapshot", [401, 200, 200, 200, 200, 404]),
    ("checkDrift", [401, 200, 200, 200, 200, 404]),
    ("getTimeline", [401, 200, 200, 200, 200, 404]),
    ("listSyncEvents", [401, 200, 403, 200, 200, 404]),
    ("getRequestFigures", [401, 200, 403, 200, 200, 404]),
    ("listRequestProblems", [401, 200, 403, 200, 200, 404]),
    ("listConnectionHealth", [401, 200, 403, 200, 200, 404]),
    ("exportSyncEvents", [401, 200, 403, 200, 200, 404]),
    ("streamHealth", [401, 200, 403, 200, 200, 404]),
    ("streamSyncEvents", [401, 200, 403, 200, 200, 404]),
    ("getSyncEvent", [401, 200, 403, 200, 200, 404]),
    ("listAudit", [401, 200, 403, 200, 200, 404]),
    ("listServiceAudit", [401, 403, 403, 403, 200, 403]),
    ("getSystem", [401, 403, 403, 403, 200, 403]),
    ("listSystemSyncEvents", [401, 403, 403, 403, 200, 403]),
];

/// What anybody may ask, and gets an answer that is no refusal.
pub(crate) const OPEN: [&str; 3] = ["getSignInOptions", "requestPasswordReset", "beginPasskeySignIn"];

pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
}

/// Every operation of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&admin_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, methods): (&String, &Value)| {
        let path = path.clone();
        let each = methods.as_object().unwrap().clone().into_iter().map(move |(method, operation)| Operation {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.to_uppercase(),
            path: path.clone(),
        });
        each.collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// A tenant with one of everything; the values of the paths' parameters.
pub(crate) struct Ground {
    pub(crate) desk: Desk,
    values: Vec<(&'static str, String)>,
    /// The id of a schema that may be dropped.
    spare: String,
    /// The id of a credential that nobody revokes.
    second: String,
    /// The id of a credential that has a successor.
    before: String,
    /// The id of an OAuth client.
    client: String,
    /// What goes away, by the operation that takes it.
    leaving: Vec<(&'static str, String)>,
    bodies: Value,
    pub(crate) token: String,
    pub(crate) people: [Option<domain::AdminId>; 6],
}

/// What each operation is sent.
fn bodies(connection: &str, group: &str) -> Value {
    let mut bodies = json!({
        "confirmTotp": { "code": "none" },
        "addPasskey": { "ceremony": "x", "name": "Phone", "response": {} },
        "signInWithPasskey": { "ceremony": "x", "response": {} },
        "acknowledgeChanges": { "seq": 1 },
        "changeMe": { "name": "Somebody" },
        "changeMyPassword": { "new": "correct horse battery" },
        "requestPasswordReset": { "email": "viewer@acme.test" },
        "checkPasswordReset": { "code": "x" },
        "usePasswordReset": { "code": "x", "password": "correct horse battery" },
        "checkInvitation": { "code": "x" },
        "acceptInvitation": { "code": "x", "name": "A", "password": "correct horse battery" },
        "joinByInvitation": { "code": "x" },
        "changePerson": { "role": "developer" },
        "invite": { "email": "new@acme.test", "name": "New", "role": "viewer" },
        "changeAnyPerson": { "name": "Other" },
        "inviteOperator": { "email": "new@sync.example.com", "name": "New" },
        "issueApiKey": { "name": "CI", "role": "developer" },
        "issueServiceApiKey": { "name": "CI" },
        "signIn": { "email": "nobody@acme.test", "password": "wrong" },
        "checkWelcome": { "code": "x" },
        "openSetup": { "code": "x" },
    });
    // In two parts: a literal can hold no more.
    let others = json!({
        "createSetupLink": { "connectionId": connection, "name": "Ada" },
        "becomeOperator": { "code": "x", "email": "a@b.test", "name": "A", "password": "correct horse battery" },
        "createTenant": { "name": "Globex" },
        "changeTenant": { "state": "active" },
        "createConnection": { "name": "Okta", "idp": "okta" },
        "changeConnection": { "name": "Entra 2" },
        "reportLeakedToken": { "token": "dsk_none" },
        "registerSchema": { "urn": "urn:acme:new:1.0", "resourceType": "User", "name": "New", "attributes": [{ "name": "x" }] },
        "createRole": { "key": "app:new", "name": "New" },
        "changeRole": { "name": "Readers" },
        "previewRoleMapping": { "groupId": group, "role": "app:reader" },
        "replaceSchema": { "name": "Kept", "attributes": [{ "name": "x" }, { "name": "y", "type": "integer" }] },
        "createOAuthClient": { "connectionId": connection, "name": "Entra", "rights": "scim" },
        "changeOAuthClient": { "tokenSeconds": 7200 },
        "createWebhook": { "name": "App", "url": "https://1.1.1.1/in" },
        "changeWebhook": { "name": "Other" },
        "rotateWebhookSecret": {},
        "replayWebhook": { "after": 0 },
        "issueClientSecret": {},
        "rotateCredential": {},
        "issueCredential": { "connectionId": connection, "name": "New", "rights": "scim" },
    });
    bodies.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
    bodies["revokeWhenQuiet"] = json!({ "hours": 24 });
    bodies["checkDrift"] = json!({ "resourceType": "User", "items": [], "last": true });
    bodies
}

pub(crate) async fn ground(on: On) -> Ground {
    let desk = Desk::open(on).await;
    let (acme, other) = (desk.scratch.tenant("acme").await, desk.scratch.tenant("other").await);
    let doomed = desk.scratch.tenant("doomed").await;
    for slug in ["acme-old", "acme"] {
        let change = TenantChange { slug: Some(slug.parse().unwrap()), ..TenantChange::default() };
        assert!(desk.scratch.store.system().change_tenant(acme.id, change, &store::testing::author()).await.unwrap());
    }
    let store = desk.store(&acme);
    let user = store.write(origin(acme.id), CreateUser(json!({ "userName": "ada@acme.test" }))).await.unwrap().output;
    let group = json!({ "displayName": "Math", "members": [{ "value": user.id.to_string() }] });
    let group = store.write(origin(acme.id), CreateGroup(group)).await.unwrap().output;
    let hook = FeedReader { kind: ReaderKind::Person, id: uuid::Uuid::now_v7(), name: "Hook".to_owned() };
    store.acknowledgements().acknowledge(&hook, 1).await.unwrap();
    let connection = desk.connection(&acme).await;
    let (token, credential) = desk.credential(&connection).await;
    let seen = event(Some(acme.id), domain::Clock::now(&*desk.clock), 201);
    let (sender, writer) = SyncLogWriter::new(desk.scratch.store.sync_log().clone(), 8);
    sender.send(seen.clone(), false).await;
    drop(sender);
    writer.run().await;
    let mut people = [None; 6];
    for (place, role) in [(1, Role::Viewer), (2, Role::Developer), (3, Role::Admin)] {
        people[place] = Some(desk.person(&format!("{}@acme.test", role.as_str()), None, &[(&acme, role), (&doomed, role)]).await);
    }
    people[4] = Some(desk.person("op@sync.example.com", None, &[]).await);
    people[5] = Some(desk.person("admin@other.test", None, &[(&other, Role::Admin)]).await);
    let mut values = vec![
        ("{tenant}", acme.slug.to_string()),
        ("{connection}", connection.id.to_string()),
        ("{credential}", credential.id.to_string()),
        ("{user}", user.id.to_string()),
        ("{group}", group.id.to_string()),
        ("{slug}", "acme-old".to_owned()),
        ("{reader}", hook.id.to_string()),
        ("{event}", seen.id.to_string()),
        ("{schema}", schema(&store, "urn:acme:kept:1.0").await),
    ];
    let spare = schema(&store, "urn:acme:dropped:1.0").await;
    let second = desk.credential(&connection).await.1.id.to_string();
    let before = desk.rotated(&connection).await.0.id.to_string();
    let (client, secret) = oauth_client(&desk, &connection).await;
    values.push(("{secret}", secret));
    let mut leaving = newcomers(&desk, &acme, &mut values).await;
    let (stays, goes) = (webhook(&desk, &acme, BLOCKED).await, webhook(&desk, &acme, BLOCKED).await);
    let sent = delivery(&user);
    store.webhooks().keep_delivery(stays.id, &sent).await.unwrap();
    values.extend([("{webhook}", stays.id.to_string()), ("{delivery}", sent.id.to_string())]);
    leaving.push(("deleteWebhook", goes.id.to_string()));
    leaving.extend(roles::with_one_mapped(&desk, &store, group.id).await);
    values.push(("{role}", "app:reader".to_owned()));
    values.push(("{link}", desk.setup_link(&connection).await.0.id.to_string()));
    let bodies = bodies(&connection.id.to_string(), &group.id.to_string());
    Ground { desk, values, spare, second, before, client, leaving, bodies, token, people }
}

/// People, invitations and keys of a tenant and of the service; those that go away apart.
async fn newcomers(desk: &Desk, acme: &domain::Tenant, values: &mut Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    let system = desk.scratch.store.system();
    let person = async |name: &str| desk.person(&format!("{name}@acme.test"), None, &[(acme, Role::Viewer)]).await.to_string();
    let stays = person("stays").await;
    let mut invitations = Vec::new();
    for (tenant, email) in [(Some(acme.id), "a"), (Some(acme.id), "b"), (None, "c"), (None, "d")] {
        let role = if tenant.is_some() { Role::Admin } else { Role::Operator };
        let (_, made) = invitation(desk, tenant, &format!("{email}@invited.test"), role);
        system.invite(&made, &store::testing::author()).await.unwrap();
        invitations.push(made.id.to_string());
    }
    let mut keys = Vec::new();
    for (tenant, role) in [(Some(acme.id), Role::Admin), (None, Role::Operator)] {
        keys.push(api_key(desk, tenant, role, None).await.1.id.to_string());
    }
    let uuid = || uuid::Uuid::now_v7().to_string();
    values.extend([
        ("{person}", stays),
        ("{invitation}", invitations[0].clone()),
        ("{key}", keys[0].clone()),
        ("{session}", uuid()),
        ("{passkey}", uuid()),
    ]);
    vec![
        ("removePerson", person("leaves").await),
        ("removeAnyPerson", person("goes").await),
        ("revokeInvitation", invitations[1].clone()),
        ("renewOperatorInvitation", invitations[2].clone()),
        ("revokeOperatorInvitation", invitations[3].clone()),
        ("revokeServiceApiKey", keys[1].clone()),
    ]
}

/// An invitation with its code.
pub(crate) fn invitation(
    desk: &Desk,
    tenant: Option<domain::TenantId>,
    email: &str,
    role: Role,
) -> (domain::Secret, domain::Invitation) {
    let now = domain::Clock::now(&*desk.clock);
    let mut made = domain::Invitation {
        id: domain::InvitationId::generate(),
        tenant,
        email: email.to_owned(),
        name: "Guest".to_owned(),
        role,
        digest: [0; 32],
        created_at: now,
        created_by: String::new(),
        expires_at: now,
        mailed_at: None,
    };
    (made.renew(&desk.key, "op@sync.example.com", now).unwrap(), made)
}

/// A key with its text.
pub(crate) async fn api_key(
    desk: &Desk,
    tenant: Option<domain::TenantId>,
    role: Role,
    days: Option<i64>,
) -> (String, domain::ApiKey) {
    let (at, by) = (domain::Clock::now(&*desk.clock), "ada@acme.test".to_owned());
    let order = domain::api_key::ApiKeyOrder { tenant, name: "CI".to_owned(), role, by, at, days };
    let (text, key) = domain::ApiKey::issue(&desk.key, order).unwrap();
    desk.scratch.store.system().insert_api_key(&key, &store::testing::author()).await.unwrap();
    (text.expose().to_owned(), key)
}

/// An address that nothing is ever sent to.
pub(crate) const BLOCKED: &str = "https://192.0.2.1/in";

/// A webhook that gets the tenant's changes from the first on.
pub(crate) async fn webhook(desk: &Desk, tenant: &domain::Tenant, url: &str) -> domain::Webhook {
    let now = domain::Clock::now(&*desk.clock);
    let made = domain::Webhook {
        id: domain::WebhookId::generate(),
        tenant: tenant.id,
        name: "App".to_owned(),
        url: url.to_owned(),
        state: domain::WebhookState::Active,
        kinds: Vec::new(),
        resource: None,
        secret: domain::webhook::WebhookSecret::new(now).unwrap(),
        created_at: now,
        starts_after: 0,
        delivered: 0,
        previous: 0,
        failure: None,
        course: 0,
    };
    desk.store(tenant).webhooks().insert(made, Some(0), &store::testing::author()).await.unwrap()
}

/// A try to send the first change of a tenant.
fn delivery(user: &domain::User) -> domain::Delivery {
    domain::Delivery {
        id: domain::DeliveryId::generate(),
        message_id: "msg_1".to_owned(),
        kind: "user.created".to_owned(),
        seq: Some(1),
        previous: Some(0),
        resource: Some(user.id.as_uuid()),
        at: domain::Clock::now(&domain::SystemClock),
        attempt: 1,
        outcome: domain::DeliveryOutcome::Refused,
        status: Some(500),
        millis: 3,
        reason: Some("it answered with status 500".to_owned()),
        applied: None,
        request_headers: vec![("webhook-id".to_owned(), "msg_1".to_owned())],
        request_body: None,
        answer_headers: Vec::new(),
        answer_body: None,
    }
}

/// The ids of an OAuth client and of its secret.
async fn oauth_client(desk: &Desk, connection: &domain::Connection) -> (String, String) {
    let at = domain::Clock::now(&*desk.clock);
    let order =
        domain::credential::Order { name: "Entra".to_owned(), rights: domain::Rights::Write, created_by: None, at, days: None };
    let credential = domain::Credential::client(connection, order).unwrap();
    let (_, secret) = domain::ClientSecret::issue(&desk.key, None, at, None).unwrap();
    let (client, id) = (credential.id.to_string(), secret.id.to_string());
    let made = domain::OAuthClient { token_seconds: 3_600, trust: None, secrets: vec![secret] };
    desk.scratch
        .store
        .tenant(connection.tenant)
        .oauth_clients()
        .insert(&credential, &made, &store::testing::author())
        .await
        .unwrap();
    (client, id)
}

/// The id of a schema that is registered.
async fn schema(store: &store::TenantStore, urn: &str) -> String {
    let schema = serde_json::from_value(json!({ "id": urn, "name": "X", "attributes": [{ "name": "x" }] })).unwrap();
    let (id, at) = (domain::SchemaId::generate(), domain::Clock::now(&domain::SystemClock));
    let (kind, state) = (domain::ResourceKind::User, domain::SchemaState::Preparing);
    let made = domain::ExtensionSchema { id, kind, schema, state, misfits: 0, created_at: at, updated_at: at };
    store.schemas().insert(&made, &store::testing::author()).await.unwrap();
    id.to_string()
}

impl Ground {
    pub(crate) fn path(&self, operation: &Operation) -> String {
        let path = match operation.id.as_str() {
            "deleteTenant" => "/tenants/doomed?confirm=doomed".to_owned(),
            "findUserAccess" => "/tenants/acme/access?userName=ada@acme.test".to_owned(),
            "getTimeline" => "/tenants/acme/timeline?of=ada@acme.test".to_owned(),
            "dropSchema" => operation.path.replace("{schema}", &self.spare),
            "rotateCredential" => operation.path.replace("{credential}", &self.second),
            "revokeWhenQuiet" => operation.path.replace("{credential}", &self.before),
            id if self.leaving.iter().any(|(leaving, _)| *leaving == id) => {
                let (_, value) = self.leaving.iter().find(|(leaving, _)| *leaving == id).unwrap();
                let names = ["{person}", "{invitation}", "{key}", "{webhook}", "{role}"];
                names.iter().fold(operation.path.clone(), |path, name| path.replace(name, value))
            }
            _ if operation.path.contains("/oauth-clients/") => operation.path.replace("{credential}", &self.client),
            _ => operation.path.clone(),
        };
        self.values.iter().fold(path, |path, (name, value)| path.replace(name, value))
    }

    pub(crate) fn body(&self, operation: &Operation) -> Option<Value> {
        self.bodies.get(&operation.id).cloned()
    }
}

on_both! {
    async fn every_operation_answers_each_role_as_the_table_says(on) {
        let ground = ground(on).await;
        let operations = operations();
        let mut named: Vec<_> = operations.iter().map(|operation| operation.id.as_str()).collect();
        let mut listed: Vec<_> = TABLE.iter().map(|(id, _)| *id).collect();
        named.sort_unstable();
        listed.sort_unstable();
        assert_eq!(named, listed, "every operation of the document stands in the table");
        for operation in &operations {
            let (_, expected) = TABLE.iter().find(|(id, _)| *id == operation.id).unwrap();
            let mut got = [0; 6];
            for (place, person) in ground.people.iter().enumerate() {
                let cookie = match person {
                    Some(person) => Some(ground.desk.session(*person).await),
                    None => None,
                };
                let (path, body) = (ground.path(operation), ground.body(operation));
                let answer = ground.desk.call(cookie.as_deref(), &operation.method, &path, body).await;
                got[place] = answer.status;
                if answer.status >= 400 {
                    assert_eq!(answer.headers["content-type"], "application/problem+json", "{}", operation.id);
                    assert_eq!(answer.body["requestId"], answer.headers["x-request-id"].to_str().unwrap());
                }
                assert_eq!(answer.headers["cache-control"], "no-store", "{}", operation.id);
            }
            assert_eq!(got, *expected, "{}", operation.id);
        }
    }

    async fn a_scim_token_opens_nothing_here_alone_or_beside_a_cookie(on) {
        let ground = ground(on).await;
        let bearer = format!("Bearer {}", ground.token);
        let cookie = ground.desk.session(ground.people[4].unwrap()).await;
        for operation in operations() {
            let (_, expected) = TABLE.iter().find(|(id, _)| *id == operation.id).unwrap();
            if expected[0] != 401 {
                continue;
            }
            let uri = format!("/api/v1{}", ground.path(&operation));
            let alone = [("authorization", bearer.as_str()), ("x-directory-sync", "1")];
            let both = [("authorization", bearer.as_str()), ("x-directory-sync", "1"), ("cookie", cookie.as_str())];
            let body = || ground.body(&operation).map(|body| body.to_string().into_bytes());
            assert_eq!(ground.desk.raw(&operation.method, &uri, &alone, body()).await.status, 401, "{}", operation.id);
            assert_eq!(ground.desk.raw(&operation.method, &uri, &both, body()).await.status, 401, "{}", operation.id);
        }
    }

    async fn calls_that_change_something_must_come_from_our_own_page(on) {
        let ground = ground(on).await;
        let cookie = ground.desk.session(ground.people[4].unwrap()).await;
        for operation in operations().iter().filter(|operation| operation.method != "GET") {
            let uri = format!("/api/v1{}", ground.path(operation));
            let with = |extra: &'static [(&'static str, &'static str)]| {
                let mut headers = vec![("cookie", cookie.as_str())];
                headers.extend_from_slice(extra);
                headers
            };
            for extra in [
                &[][..],
                &[("x-directory-sync", "1"), ("sec-fetch-site", "cross-site")],
                &[("x-directory-sync", "1"), ("sec-fetch-site", "same-site")],
                &[("x-directory-sync", "1"), ("origin", "https://evil.example.com")],
                &[("x-directory-sync", "1"), ("origin", "https://sync.example.co")],
            ] {
                let body = ground.body(operation).map(|body| body.to_string().into_bytes());
                let answer = ground.desk.raw(&operation.method, &uri, &with(extra), body).await;
                assert_eq!((answer.status, answer.code()), (403, "missing_header"), "{} {extra:?}", operation.id);
            }
        }
        let own = [("cookie", cookie.as_str()), ("x-directory-sync", "1"), ("origin", "https://sync.example.com")];
        assert_eq!(ground.desk.raw("DELETE", "/api/v1/session", &own, None).await.status, 204);
    }

    async fn another_tenants_ids_answer_as_ids_that_never_were(on) {
        let ground = ground(on).await;
        let operator = ground.desk.session(ground.people[4].unwrap()).await;
        for operation in operations() {
            let Some((name, value)) = ground.values[1..].iter().find(|(name, _)| operation.path.contains(name)) else { continue };
            if !operation.path.contains("{tenant}") {
                continue;
            }
            let elsewhere = ground.path(&operation).replace("/tenants/acme/", "/tenants/other/");
            let never = elsewhere.replace(value, &uuid::Uuid::now_v7().to_string());
            let mut bodies = Vec::new();
            for path in [elsewhere, never] {
                let mut answer = ground.desk.call(Some(&operator), &operation.method, &path, ground.body(&operation)).await;
                assert_eq!(answer.status, 404, "{} {name}", operation.id);
                answer.body["requestId"] = Value::Null;
                bodies.push(answer.body);
            }
            assert_eq!(bodies[0], bodies[1], "{}", operation.id);
        }
    }
}
