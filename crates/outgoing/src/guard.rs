//! Which addresses are public. What is not known to be is not.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use url::{Host, Url};

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address.
    #[error("is no address of the web")]
    NoAddress,
    /// It is not reached by TLS.
    #[error("does not begin with https://")]
    NoTls,
    /// It holds a name and password.
    #[error("holds a user name or password")]
    UserInfo,
    /// It is not on the public internet.
    #[error("is not on the public internet")]
    Private,
}

/// Hosts that may be private and may be called without TLS, by the operator's word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedHosts(BTreeSet<String>);

impl AllowedHosts {
    /// These hosts, without ports.
    pub fn new<S: AsRef<str>>(hosts: impl IntoIterator<Item = S>) -> Self {
        Self(hosts.into_iter().map(|host| host.as_ref().trim().to_ascii_lowercase()).filter(|host| !host.is_empty()).collect())
    }

    /// These and another one.
    #[must_use]
    pub fn and(mut self, host: &str) -> Self {
        self.0.insert(host.trim().to_ascii_lowercase());
        self
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether this host is one of them.
    pub fn contains(&self, host: &str) -> bool {
        self.0.contains(&host.to_ascii_lowercase())
    }
}

/// Reads an address and checks what can be seen without resolving its name.
pub(crate) fn check(text: &str, allowed: &AllowedHosts) -> Result<Url, Refused> {
    let url = Url::parse(text.trim()).map_err(|_| Refused::NoAddress)?;
    let host = url.host_str().ok_or(Refused::NoAddress)?;
    let named = allowed.contains(host.trim_start_matches('[').trim_end_matches(']'));
    match url.scheme() {
        "https" => {}
        "http" if named => {}
        "http" => return Err(Refused::NoTls),
        _ => return Err(Refused::NoAddress),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::UserInfo);
    }
    if named {
        return Ok(url);
    }
    match url.host() {
        Some(Host::Ipv4(address)) => check_addresses([IpAddr::V4(address)])?,
        Some(Host::Ipv6(address)) => check_addresses([IpAddr::V6(address)])?,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let inner = ["localhost", "local", "internal", "home.arpa"];
            if !name.contains('.') || inner.iter().any(|end| name == *end || name.ends_with(&format!(".{end}"))) {
                return Err(Refused::Private);
            }
        }
        None => return Err(Refused::NoAddress),
    }
    Ok(url)
}

/// Refuses unless there are addresses and every one is global unicast.
pub(crate) fn check_addresses(addresses: impl IntoIterator<Item = IpAddr>) -> Result<(), Refused> {
    let mut any = false;
    for address in addresses {
        any = true;
        let public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        if !public {
            return Err(Refused::Private);
        }
    }
    if any { Ok(()) } else { Err(Refused::Private) }
}

/// Special-purpose blocks of IPv4 (the IANA registry of RFC 6890, and multicast and reserved space).
const SPECIAL_V4: [([u8; 4], u8); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
    ([168, 63, 129, 16], 32),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|(net, length)| Ipv4Net::new((*net).into(), *length).is_ok_and(|net| net.contains(&address)))
}

/// Within the one block that holds global unicast, what carries or stands for other addresses: Teredo and protocol
/// assignments, documentation, 6to4.
const SPECIAL_V6: [([u16; 2], u8); 4] = [([0x2001, 0], 23), ([0x2001, 0xdb8], 32), ([0x2002, 0], 16), ([0x3fff, 0], 20)];

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |[a, b]: [u16; 2], length: u8| {
        Ipv6Net::new(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length).is_ok_and(|net| net.contains(&address))
    };
    within([0x2000, 0], 3) && !SPECIAL_V6.iter().any(|(net, length)| within(*net, *length))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses that a hostile admin would try; none is called.
    const HOSTILE: [&str; 62] = [
        "http://example.com/keys",
        "ftp://example.com/keys",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "data:application/json,{}",
        "//example.com/keys",
        "example.com/keys",
        "",
        "https://",
        "https:///keys",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://a.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://router.home.arpa/",
        "https://intranet/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://127.255.255.254/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://0/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://10.255.255.255/",
        "https://100.64.0.1/",
        "https://168.63.129.16/",
        "https://169.254.169.254/latest/meta-data/",
        "https://169.254.170.2/",
        "https://0xa9fea9fe/",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.0.0.1/",
        "https://192.0.2.1/",
        "https://192.88.99.1/",
        "https://192.168.1.1/",
        "https://198.18.0.1/",
        "https://198.51.100.1/",
        "https://203.0.113.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::]/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[2001:db8::1]/",
        "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[ff02::1]/",
    ];

    #[test]
    fn no_hostile_address_passes() {
        for url in HOSTILE {
            assert!(check(url, &AllowedHosts::default()).is_err(), "{url}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for url in ["https://login.microsoftonline.com/common/discovery/v2.0/keys", "https://1.1.1.1/", "https://[2606:4700::1]/"]
        {
            assert!(check(url, &AllowedHosts::default()).is_ok(), "{url}");
        }
        let addresses = |list: &[&str]| check_addresses(list.iter().map(|address| address.parse().unwrap()));
        assert_eq!(addresses(&["1.1.1.1", "2606:4700::1"]), Ok(()));
        assert_eq!(addresses(&["1.1.1.1", "10.0.0.1"]), Err(Refused::Private));
        assert_eq!(addresses(&[]), Err(Refused::Private));
    }
}
