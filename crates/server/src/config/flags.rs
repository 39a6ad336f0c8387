//! What can be set on the command line and by environment.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;

/// What can be set on the command line and by environment.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// The configuration file (TOML).
    #[arg(long, global = true, env = "DIRECTORY_SYNC_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where the embedded database and the server key stand.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_DATA")]
    pub data: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// How the world reaches the service, such as <https://scim.example.com>.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The certificate to serve TLS with, and those that lead to its authority (PEM).
    #[arg(long, global = true, env = "DIRECTORY_SYNC_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, global = true, env = "DIRECTORY_SYNC_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Address and port for Prometheus, or "off".
    #[arg(long, global = true, env = "DIRECTORY_SYNC_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
    /// An OpenTelemetry collector to tell spans and measures to (OTLP over HTTP), such as <http://127.0.0.1:4318>.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
    /// Headers that the collector wants, as name=value; separated by commas.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_OTLP_HEADERS", hide_env_values = true, value_delimiter = ',')]
    pub otlp_headers: Option<Vec<String>>,
    /// Networks of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8; separated by commas.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Most SCIM requests of one tenant a second, on this node; no ceiling without it.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_TENANT_REQUESTS_PER_SECOND")]
    pub tenant_requests_per_second: Option<NonZeroU32>,
    /// Most calls of the admin API a second of one session, one API key or one unknown address, on this node.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_API_REQUESTS_PER_SECOND")]
    pub api_requests_per_second: Option<NonZeroU32>,
    /// Hosts that tenants' addresses may name although they are private, also without TLS; separated by commas.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_PRIVATE_HOSTS", value_delimiter = ',')]
    pub private_hosts: Option<Vec<String>>,
    /// The SMTP server that letters leave by, such as smtps://user:password@mail.example.com.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_MAIL_URL", hide_env_values = true)]
    pub mail_url: Option<String>,
    /// The sender of letters, such as "Directory Sync <sync@example.com>".
    #[arg(long, global = true, env = "DIRECTORY_SYNC_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// The language of letters.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_MAIL_LANGUAGE", value_parser = ["en", "de"])]
    pub mail_language: Option<String>,
    /// The issuer of the OpenID provider where people of the console can sign in too.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_SIGN_IN_ISSUER")]
    pub sign_in_issuer: Option<String>,
    /// The name that the provider knows the service by.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_SIGN_IN_CLIENT_ID")]
    pub sign_in_client_id: Option<String>,
    /// What the service proves itself to the provider with.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_SIGN_IN_CLIENT_SECRET", hide_env_values = true)]
    pub sign_in_client_secret: Option<String>,
    /// The provider's name on the button.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_SIGN_IN_NAME")]
    pub sign_in_name: Option<String>,
    /// A PostgreSQL address (postgres://user:password@host/name); SQLite under the data directory without it.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Whether PostgreSQL itself keeps tenants apart, behind the service's own conditions (row-level security).
    #[arg(
        long,
        global = true,
        env = "DIRECTORY_SYNC_ROW_LEVEL_SECURITY",
        value_name = "true|false",
        num_args = 0..=1,
        default_missing_value = "true"
    )]
    pub row_level_security: Option<bool>,
    /// The PostgreSQL address for the role that owns the tables and migrates them; that of the service without it.
    #[arg(long, global = true, env = "DIRECTORY_SYNC_MIGRATION_URL", hide_env_values = true)]
    pub migration_url: Option<String>,
}
