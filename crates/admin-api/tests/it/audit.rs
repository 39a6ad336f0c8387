//! Every operation that changes something leaves an entry, and who may read them does.

use domain::audit::AuditEntry;
use domain::code::{self, CodePurpose};
use domain::{Act, AuditKey, ClientAddress, Clock, Role};
use serde_json::{Value, json};
use store::AuditQuery;
use store::testing::{On, author};

use crate::authorisation::{Ground, OPEN, Operation, ground, invitation, operations};
use crate::desk::{Answer, Desk};
use crate::factors::{app_code, enable_totp};
use crate::on_both;

const PASSWORD: &str = "correct horse battery";

/// What each operation that changes something leaves.
const RECORDED: &[(&str, &[Act])] = &[
    ("signIn", &[Act::SessionStarted]),
    ("signOut", &[Act::SessionEnded]),
    ("becomeOperator", &[Act::AdminCreated, Act::SessionStarted]),
    ("changeMe", &[Act::AdminChanged]),
    ("changeMyPassword", &[Act::PasswordChanged]),
    ("endMySession", &[Act::SessionEnded]),
    ("endMyOtherSessions", &[Act::SessionEnded]),
    ("usePasswordReset", &[Act::PasswordChanged]),
    ("confirmTotp", &[Act::TotpEnabled]),
    ("disableTotp", &[Act::TotpDisabled]),
    ("replaceRecoveryCodes", &[Act::RecoveryCodesIssued]),
    ("clearSecondFactorOfPerson", &[Act::TotpDisabled, Act::PasskeyRemoved]),
    ("removePasskey", &[Act::PasskeyRemoved]),
    ("acceptInvitation", &[Act::AdminCreated, Act::SessionStarted, Act::RoleGranted]),
    ("joinByInvitation", &[Act::RoleGranted]),
    ("changePerson", &[Act::RoleChanged]),
    ("removePerson", &[Act::RoleRevoked]),
    ("invite", &[Act::InvitationSent]),
    ("renewInvitation", &[Act::InvitationSent]),
    ("revokeInvitation", &[Act::InvitationRevoked]),
    ("changeAnyPerson", &[Act::AdminChanged]),
    ("removeAnyPerson", &[Act::AdminRemoved, Act::RoleRevoked]),
    ("endSessionsOfPerson", &[Act::SessionEnded]),
    ("resetPasswordOfPerson", &[Act::PasswordResetIssued]),
    ("inviteOperator", &[Act::InvitationSent]),
    ("renewOperatorInvitation", &[Act::InvitationSent]),
    ("revokeOperatorInvitation", &[Act::InvitationRevoked]),
    ("issueApiKey", &[Act::ApiKeyIssued]),
    ("revokeApiKey", &[Act::ApiKeyRevoked]),
    ("issueServiceApiKey", &[Act::ApiKeyIssued]),
    ("revokeServiceApiKey", &[Act::ApiKeyRevoked]),
    ("createTenant", &[Act::TenantCreated]),
    ("changeTenant", &[Act::TenantRenamed, Act::TenantLogChanged, Act::TenantSuspended, Act::TenantCeilingChanged]),
    ("deleteTenant", &[Act::TenantDeleted]),
    ("dropOldSlug", &[Act::OldSlugDropped]),
    ("createConnection", &[Act::ConnectionCreated]),
    ("changeConnection", &[Act::ConnectionChanged]),
    ("issueCredential", &[Act::CredentialIssued]),
    ("rotateCredential", &[Act::CredentialIssued]),
    ("revokeCredential", &[Act::CredentialRevoked]),
    ("revokeWhenQuiet", &[Act::CredentialEndPlanned]),
    ("checkOurSide", &[Act::CredentialIssued, Act::CredentialRevoked]),
    ("createSetupLink", &[Act::SetupLinkCreated]),
    ("revokeSetupLink", &[Act::SetupLinkRevoked]),
    ("openSetup", &[Act::SetupLinkOpened]),
    ("issueSetupCredential", &[Act::CredentialIssued]),
    ("issueSetupClient", &[Act::CredentialIssued, Act::ClientSecretIssued]),
    ("finishSetup", &[Act::SetupLinkFinished]),
    ("createOAuthClient", &[Act::CredentialIssued, Act::ClientSecretIssued]),
    ("changeOAuthClient", &[Act::ClientChanged]),
    ("issueClientSecret", &[Act::ClientSecretIssued]),
    ("revokeClientSecret", &[Act::ClientSecretRevoked]),
    ("reportLeakedToken", &[Act::LeakedTokenRevoked]),
    ("createWebhook", &[Act::WebhookCreated]),
    ("changeWebhook", &[Act::WebhookChanged]),
    ("deleteWebhook", &[Act::WebhookDeleted]),
    ("rotateWebhookSecret", &[Act::WebhookSecretRotated]),
    ("replayWebhook", &[Act::WebhookReplayed]),
    ("registerSchema", &[Act::SchemaRegistered]),
    ("replaceSchema", &[Act::SchemaReplaced]),
    ("dropSchema", &[Act::SchemaDropped]),
    ("forgetReader", &[Act::ReaderForgotten]),
    ("createRole", &[Act::AppRoleCreated]),
    ("changeRole", &[Act::AppRoleChanged]),
    ("deleteRole", &[Act::AppRoleDeleted]),
    ("mapRole", &[Act::AppRoleMapped]),
    ("unmapRole", &[Act::AppRoleUnmapped]),
];

/// Those that the holder of a set-up link does.
const BY_HOLDERS: &[&str] = &["openSetup", "issueSetupCredential", "issueSetupClient", "finishSetup"];

/// Those that read although they are no GET, with the reason why.
const SILENT: &[(&str, &str)] = &[
    ("checkWelcome", "looks at a code, which must not stand in an address, and leaves it as it is"),
    ("checkInvitation", "looks at a code, which must not stand in an address, and leaves it as it is"),
    ("checkPasswordReset", "looks at a code, which must not stand in an address, and leaves it as it is"),
    ("beginTotp", "asks for nothing yet; `confirmTotp` does"),
    ("beginPasskey", "adds nothing yet; `addPasskey` does"),
    ("beginPasskeySignIn", "lets nobody in yet; `signInWithPasskey` does"),
    ("addPasskey", "needs an authenticator: the journey in the browser adds one and looks at its entry"),
    ("signInWithPasskey", "needs an authenticator: the journey in the browser signs in with one and looks at its entry"),
    ("acknowledgeChanges", "an app does it all the time; the report of acknowledgements tells how far each reader is"),
    ("checkDrift", "reads only; what a mirror has is too long for an address"),
    ("testWebhook", "changes nothing: what was sent stands in the list of deliveries"),
    ("resendDelivery", "changes nothing: what was sent stands in the list of deliveries"),
    ("previewRoleMapping", "works out what a mapping would change, and changes nothing"),
    ("requestPasswordReset", "only takes the request; the link that is made of it leaves its entry when it is made"),
];

/// Acts that show nothing of before and after: there would be secrets in it, or there is nothing to tell.
const BARE: [Act; 4] = [Act::PasswordChanged, Act::TotpEnabled, Act::TotpDisabled, Act::RecoveryCodesIssued];

/// All entries of all chains, each chain in its order; every chain is sound.
async fn entries(desk: &Desk) -> Vec<AuditEntry> {
    let (store, key) = (&desk.scratch.store, AuditKey::of(&desk.key));
    let mut all = Vec::new();
    for tenant in store.system().audited().await.unwrap() {
        let query = AuditQuery { limit: 1_000, ..AuditQuery::default() };
        let (tenants, system) = (tenant.map(|tenant| store.tenant(tenant)), store.system());
        let chain = tenants.as_ref().map_or_else(|| system.audit(), store::TenantStore::audit);
        assert_eq!(chain.verify(&key).await.unwrap().flaw, None);
        all.extend(chain.list(&query).await.unwrap().into_iter().rev());
    }
    all
}

/// What of `after` was not there before.
fn fresh(before: &[AuditEntry], after: &[AuditEntry]) -> Vec<AuditEntry> {
    after.iter().filter(|entry| !before.contains(entry)).cloned().collect()
}

/// A passkey that nobody can use; its id.
async fn passkey(desk: &Desk, admin: domain::AdminId) -> String {
    let system = desk.scratch.store.system();
    let passkey = domain::factor::StoredPasskey {
        id: domain::PasskeyId::generate(),
        admin,
        credential_id: admin.as_uuid().into_bytes().to_vec(),
        name: "Phone".to_owned(),
        public_key: "{}".to_owned(),
        created_at: desk.clock.now(),
        last_used_at: None,
    };
    let id = passkey.id.to_string();
    let person = system.find_admin(admin).await.unwrap().unwrap().admin;
    system.insert_passkey(&person, passkey, &author()).await.unwrap();
    id
}

/// The code of an invitation into the tenant.
async fn invited(ground: &Ground, email: &str) -> String {
    let system = ground.desk.scratch.store.system();
    let acme = system.find_tenant(&"acme".parse().unwrap()).await.unwrap().unwrap();
    let (code, made) = invitation(&ground.desk, Some(acme.id), email, Role::Viewer);
    system.invite(&made, &author()).await.unwrap();
    code.expose().to_owned()
}

/// The code of a link for another password.
async fn reset(ground: &Ground) -> String {
    let (system, desk) = (ground.desk.scratch.store.system(), &ground.desk);
    let person = system.find_admin(ground.people[1].unwrap()).await.unwrap().unwrap().admin;
    let (code, digest) = code::issue(&desk.key, CodePurpose::PasswordReset).unwrap();
    let now = desk.clock.now();
    system.insert_password_reset(&person, digest, now, now.plus_seconds(60), &author()).await.unwrap();
    code.expose().to_owned()
}

/// Does one operation where it can be done, and gives what it left.
async fn left_by(on: On, operation: &Operation) -> (Answer, Vec<AuditEntry>) {
    if operation.id == "becomeOperator" {
        let desk = Desk::open(on).await;
        let (code, digest) = code::issue(&desk.key, CodePurpose::Welcome).unwrap();
        let now = desk.clock.now();
        let end = now.plus_days(1);
        desk.scratch.store.system().replace_welcome_code(digest, now, end, &author()).await.unwrap();
        let before = entries(&desk).await;
        let body = json!({ "code": code.expose(), "email": "op@acme.test", "name": "Op", "password": PASSWORD });
        let answer = desk.call(None, "POST", "/welcome", Some(body)).await;
        return (answer, fresh(&before, &entries(&desk).await));
    }
    if BY_HOLDERS.contains(&operation.id.as_str()) {
        let desk = Desk::open(on).await;
        let connection = desk.connection(&desk.scratch.tenant("acme").await).await;
        let code = json!({ "code": desk.setup_link(&connection).await.1 });
        let before = entries(&desk).await;
        let opened = desk.call(None, "POST", "/setup/open", Some(code)).await;
        if operation.id == "openSetup" {
            return (opened, fresh(&before, &entries(&desk).await));
        }
        let before = entries(&desk).await;
        let answer = desk.call(Some(&opened.cookie()), &operation.method, &operation.path, None).await;
        return (answer, fresh(&before, &entries(&desk).await));
    }
    left_on(&ground(on).await, operation).await
}

/// Whether it needs nothing but what the ground has for it.
fn is_plain(operation: &Operation) -> bool {
    const PREPARED: &[&str] = &[
        "becomeOperator",
        "signIn",
        "acceptInvitation",
        "confirmTotp",
        "disableTotp",
        "replaceRecoveryCodes",
        "clearSecondFactorOfPerson",
        "joinByInvitation",
        "usePasswordReset",
        "reportLeakedToken",
        "removePasskey",
        "endSessionsOfPerson",
    ];
    let id = operation.id.as_str();
    !PREPARED.contains(&id) && !BY_HOLDERS.contains(&id) && !operation.path.starts_with("/me/sessions")
}

async fn left_on(ground: &Ground, operation: &Operation) -> (Answer, Vec<AuditEntry>) {
    let desk = &ground.desk;
    let cookie = desk.session(ground.people[4].unwrap()).await;
    let body = match operation.id.as_str() {
        "signIn" => {
            desk.person("ada@acme.test", Some(PASSWORD), &[]).await;
            Some(json!({ "email": "ada@acme.test", "password": PASSWORD }))
        }
        "acceptInvitation" => {
            let code = invited(ground, "new@acme.test").await;
            Some(json!({ "code": code, "name": "New", "password": PASSWORD }))
        }
        "confirmTotp" => {
            let begun = desk.call(Some(&cookie), "POST", "/me/totp", None).await;
            Some(json!({ "code": app_code(&begun, desk.clock.now()) }))
        }
        "disableTotp" | "replaceRecoveryCodes" => {
            enable_totp(desk, ground.people[4].unwrap()).await;
            None
        }
        "clearSecondFactorOfPerson" => {
            let person = ground.path(operation).split('/').nth(2).unwrap().parse().unwrap();
            enable_totp(desk, person).await;
            passkey(desk, person).await;
            None
        }
        "joinByInvitation" => Some(json!({ "code": invited(ground, "op@sync.example.com").await })),
        "usePasswordReset" => Some(json!({ "code": reset(ground).await, "password": PASSWORD })),
        "changeTenant" => {
            let (state, ceiling) = ("suspended", json!({ "rule": "none" }));
            Some(
                json!({ "name": "Other", "state": state, "ceiling": ceiling, "logBodies": "full", "logDays": 30, "changeDays": 30 }),
            )
        }
        "reportLeakedToken" => Some(json!({ "token": ground.token })),
        _ => ground.body(operation),
    };
    let mut path = ground.path(operation);
    if operation.path.starts_with("/me/sessions") {
        let other = desk.session(ground.people[4].unwrap()).await;
        let own = desk.get(&other, "/me/sessions").await;
        let ids = own.body["items"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
        path = operation.path.replace("{session}", ids["id"].as_str().unwrap());
    }
    if operation.id == "removePasskey" {
        path = operation.path.replace("{passkey}", &passkey(desk, ground.people[4].unwrap()).await);
    }
    if operation.id == "endSessionsOfPerson" {
        desk.session(path.split('/').nth(2).unwrap().parse().unwrap()).await;
    }
    let cookie = (!matches!(operation.id.as_str(), "signIn" | "acceptInvitation")).then_some(cookie.as_str());
    let before = entries(desk).await;
    let answer = desk.call(cookie, &operation.method, &path, body).await;
    let mut left = fresh(&before, &entries(desk).await);
    // That an operator came at all is told apart.
    left.retain(|entry| entry.act != Act::OperatorVisited);
    (answer, left)
}

on_both! {
    async fn every_operation_that_changes_something_leaves_its_entry(on) {
        let operations = operations();
        let writing: Vec<_> = operations.iter().filter(|operation| operation.method != "GET").collect();
        let mut kept: Option<Ground> = None;
        for operation in &writing {
            let silent = SILENT.iter().any(|(id, _)| *id == operation.id);
            let Some((_, expected)) = RECORDED.iter().find(|(id, _)| *id == operation.id) else {
                assert!(silent, "{}: say which entry it leaves, or why it leaves none", operation.id);
                continue;
            };
            // A ground serves until an operation finds that one before took what it needs.
            let done = match &kept {
                Some(ground) if is_plain(operation) => Some(left_on(ground, operation).await),
                _ => None,
            };
            let acts = |left: &[AuditEntry]| left.iter().map(|entry| entry.act).collect::<Vec<_>>();
            let done = done.filter(|(answer, left)| answer.status < 300 && acts(left) == *expected);
            let (answer, left) = match done {
                Some(done) => done,
                None if is_plain(operation) => {
                    let fresh = kept.insert(ground(on).await);
                    left_on(fresh, operation).await
                }
                None => left_by(on, operation).await,
            };
            assert!(answer.status < 300, "{} {}", operation.id, answer.body);
            assert_eq!(acts(&left), *expected, "{}", operation.id);
            for entry in &left {
                assert_eq!(entry.request_id.as_deref(), answer.headers["x-request-id"].to_str().ok(), "{}", operation.id);
                assert!(entry.before != entry.after || BARE.contains(&entry.act), "{}", operation.id);
                let kind = match operation.id.as_str() {
                    "reportLeakedToken" => "token_holder",
                    id if BY_HOLDERS.contains(&id) => "setup_link",
                    _ => "admin",
                };
                assert_eq!(entry.actor.kind(), kind, "{}", operation.id);
            }
        }
        let known = RECORDED.iter().map(|(id, _)| id).chain(SILENT.iter().map(|(id, _)| id));
        assert!(known.into_iter().all(|id| writing.iter().any(|operation| operation.id == *id)), "a name that is none");
    }

    async fn a_refused_call_leaves_no_entry(on) {
        let ground = ground(on).await;
        let before = entries(&ground.desk).await;
        for operation in operations().iter().filter(|operation| operation.method != "GET") {
            let answer = ground.desk.call(None, &operation.method, &ground.path(operation), ground.body(operation)).await;
            assert!(answer.status >= 400 || OPEN.contains(&operation.id.as_str()), "{}", operation.id);
        }
        assert_eq!(fresh(&before, &entries(&ground.desk).await), []);
    }

    async fn an_admin_reads_who_did_what_and_nobodys_secret(on) {
        let mut desk = Desk::open(on).await;
        desk.address = Some(ClientAddress::new("203.0.113.9".parse().unwrap()));
        let acme = desk.scratch.tenant("acme").await;
        let ada = desk.person("ada@acme.test", None, &[(&acme, Role::Admin)]).await;
        let cookie = desk.session(ada).await;
        let connection = desk.call(Some(&cookie), "POST", "/tenants/acme/connections", Some(json!({ "name": "Okta", "idp": "okta" }))).await;
        let id = connection.body["id"].as_str().unwrap();
        let body = json!({ "connectionId": id, "name": "Prod", "rights": "scim" });
        let issued = desk.call(Some(&cookie), "POST", "/tenants/acme/credentials", Some(body)).await;
        let changed = desk.call(Some(&cookie), "PATCH", &format!("/tenants/acme/connections/{id}"), Some(json!({ "strict": true }))).await;

        let page = desk.get(&cookie, "/tenants/acme/audit?limit=3").await;
        let acts: Vec<_> = page.body["items"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["connection.changed", "credential.issued", "connection.created"]);
        let entry = &page.body["items"][0];
        assert_eq!(entry["actor"], json!({ "kind": "admin", "id": ada.to_string(), "email": "ada@acme.test" }));
        assert_eq!((entry["address"].as_str(), entry["seq"].as_u64()), (Some("203.0.113.9"), Some(5)));
        assert_eq!(entry["requestId"].as_str(), changed.headers["x-request-id"].to_str().ok());
        assert_eq!(entry["subject"], json!({ "kind": "connection", "id": id, "name": "Okta" }));
        assert_eq!((&entry["before"]["strict"], &entry["after"]["strict"]), (&json!(false), &json!(true)));
        assert_eq!(page.body["items"][1]["before"], Value::Null);
        assert!(!page.body.to_string().contains(issued.body["token"].as_str().unwrap()));

        let next = page.body["next"].as_str().unwrap();
        let rest = desk.get(&cookie, &format!("/tenants/acme/audit?limit=3&after={next}")).await;
        let acts: Vec<_> = rest.body["items"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
        assert_eq!((acts.as_slice(), &rest.body["next"]), (&["role.granted", "tenant.created"][..], &Value::Null));
        let (door, cookie) = (&desk, &cookie);
        let only = |query: String| async move { door.get(cookie, &format!("/tenants/acme/audit?{query}")).await };
        for (query, rows) in [
            ("act=credential.issued".to_owned(), 1),
            (format!("actor={ada}"), 3),
            (format!("subject={id}"), 2),
            (format!("since={}", desk.clock.now().plus_days(1).to_rfc3339()), 0),
        ] {
            assert_eq!(only(query.clone()).await.body["items"].as_array().unwrap().len(), rows, "{query}");
        }
        for query in ["act=nothing", "actor=x", "after=x", "after=-1", "limit=0", "since=yesterday"] {
            assert_eq!(only(query.to_owned()).await.status, 400, "{query}");
        }
        let operator = desk.operator().await;
        let service = desk.get(&operator, "/audit").await;
        assert_eq!((service.status, service.body["items"][0]["act"].as_str()), (200, Some("session.started")));
        assert_eq!(service.body["items"][0]["subject"]["name"], "op@sync.example.com");
    }
}
