//! The configuration in force as operators are told it: never a secret, and of addresses neither user nor password.

use std::fmt::Display;

use admin_api::Setting;
use domain::Secret;
use store::Database;

use super::Config;

impl Config {
    /// Every setting by its name in the file. A secret that is set is named and not shown; what is not set is left out.
    pub fn told(&self) -> Vec<Setting> {
        let mut told = vec![
            shown("data", &self.data.display()),
            shown("listen", &self.listen),
            shown("public_url", &self.public_url),
            shown("metrics_listen", &self.metrics_listen.map_or_else(|| "off".to_owned(), |address| address.to_string())),
            shown("api_requests_per_second", &self.api_requests_per_second),
        ];
        told.extend(list("trusted_proxies", self.proxies.networks()));
        told.extend(self.tenant_requests_per_second.map(|most| shown("tenant_requests_per_second", &most)));
        told.extend(list("private_hosts", self.private_hosts.names()));
        told.extend(database(&self.database));
        if let Some(tls) = &self.tls {
            told.extend([shown("tls.certificate", &tls.certificate.display()), shown("tls.key", &tls.key.display())]);
        }
        let deadlines = [
            ("deadlines.idle", self.deadlines.idle),
            ("deadlines.head", self.deadlines.head),
            ("deadlines.body", self.deadlines.body),
            ("deadlines.answer", self.deadlines.answer),
        ];
        told.extend(deadlines.map(|(name, time)| shown(name, &time.as_secs())));
        told.push(shown("webhooks.concurrent", &self.webhooks));
        if let Some(mail) = &self.mail {
            told.extend([hidden("mail.url"), shown("mail.from", &mail.sender())]);
        }
        if let Some(provider) = &self.provider {
            told.extend([
                shown("sign_in.name", &provider.name),
                address("sign_in.issuer", &provider.issuer),
                shown("sign_in.client_id", &provider.client_id),
                hidden("sign_in.client_secret"),
                shown("sign_in.trust_email", &provider.trust_email),
            ]);
        }
        told
    }
}

fn database(database: &Database) -> Vec<Setting> {
    let Database::Postgres { url, max_connections, wall, .. } = database else { return Vec::new() };
    let mut told = vec![
        address("database.url", url.expose()),
        shown("database.max_connections", max_connections),
        shown("database.row_level_security", &wall.raised),
    ];
    told.extend(wall.owner.as_ref().map(Secret::expose).map(|owner| address("database.migration_url", owner)));
    told
}

/// Scheme, host, port and path. The rest, queries too, may hold what is nobody's business.
fn address(name: &'static str, text: &str) -> Setting {
    let Ok(url) = url::Url::parse(text) else { return hidden(name) };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    shown(name, &format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path()))
}

fn shown(name: &'static str, value: &impl Display) -> Setting {
    Setting { name, value: Some(value.to_string()) }
}

fn hidden(name: &'static str) -> Setting {
    Setting { name, value: None }
}

fn list<T: Display>(name: &'static str, values: impl IntoIterator<Item = T>) -> Option<Setting> {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    (!values.is_empty()).then(|| shown(name, &values.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    fn told(text: &str) -> Vec<(&'static str, Option<String>)> {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("c.toml");
        std::fs::write(&config, text).unwrap();
        let flags = Flags { config: Some(config), data: Some(dir.path().join("data")), ..Flags::default() };
        Config::load(&flags).unwrap().told().into_iter().map(|setting| (setting.name, setting.value)).collect()
    }

    #[tokio::test]
    async fn no_secret_is_told_whatever_is_set() {
        let all = told(
            "trusted_proxies = ['10.0.0.0/8', '192.0.2.0/24']
            private_hosts = ['idp.test']
            tenant_requests_per_second = 40
            [database]
            url = 'postgres://user-ann:hush-one@db.test:5433/sync?password=hush-two&sslkey=hush-three'
            migration_url = 'postgres://user-bob:hush-four@db.test/sync'
            row_level_security = true
            [mail]
            url = 'smtps://user-cat:hush-five@mail.test'
            from = 'Sync <sync@example.com>'
            [sign_in]
            issuer = 'https://login.test/a'
            client_id = 'console'
            client_secret = 'hush-six'",
        );
        let text = format!("{all:?}");
        for part in ["hush", "user-"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
        let value = |name: &str| all.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_deref());
        assert_eq!(value("database.url"), Some(Some("postgres://db.test:5433/sync")));
        assert_eq!(value("database.migration_url"), Some(Some("postgres://db.test/sync")));
        assert_eq!(value("trusted_proxies"), Some(Some("10.0.0.0/8, 192.0.2.0/24")));
        assert_eq!(value("private_hosts"), Some(Some("idp.test")));
        assert_eq!(value("tenant_requests_per_second"), Some(Some("40")));
        assert_eq!((value("mail.url"), value("sign_in.client_secret")), (Some(None), Some(None)));
        assert_eq!(value("sign_in.client_id"), Some(Some("console")));
        assert_eq!(value("deadlines.idle"), Some(Some("75")));
    }

    #[test]
    fn what_is_not_set_is_left_out() {
        let names: Vec<&str> = told("metrics_listen = 'off'").into_iter().map(|(name, _)| name).collect();
        let always = ["data", "listen", "public_url", "metrics_listen", "api_requests_per_second"];
        let deadlines = ["deadlines.idle", "deadlines.head", "deadlines.body", "deadlines.answer"];
        assert_eq!(names, [&always[..], &deadlines[..], &["webhooks.concurrent"][..]].concat());
    }
}
