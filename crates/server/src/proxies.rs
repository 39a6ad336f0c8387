//! Proxies in front of the service: whose word about a client's address is taken.

use std::net::{IpAddr, SocketAddr};

use domain::ClientAddress;
use http::HeaderMap;
use ipnet::IpNet;

/// The networks of the proxies that the operator runs.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// These networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// Their networks.
    pub fn networks(&self) -> &[IpNet] {
        &self.0
    }

    /// The client of a request from `peer`: the nearest address on its way that is none of our proxies'. What a client
    /// writes into `X-Forwarded-For` itself stands before what our proxies add, so it is never reached.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let trusted = |address: &IpAddr| self.0.iter().any(|network| network.contains(address));
        let mut client = peer.to_canonical();
        let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            if !trusted(&client) {
                break;
            }
            // Some proxies add the port.
            let address = hop.parse().or_else(|_| hop.parse::<SocketAddr>().map(|with_port| with_port.ip()));
            let Ok(address) = address else { break };
            client = address.to_canonical();
        }
        ClientAddress::new(client)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = TrustedProxies::new(vec!["10.0.0.0/8".parse().unwrap(), "2001:db8:1::/48".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(client("2001:db8:1::1", &["2001:db8:9::7"]), "2001:db8:9::7");
    }

    #[test]
    fn what_a_client_writes_itself_is_not_reached() {
        assert_eq!(client("10.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.9.9.9"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.9", "198.51.100.7, 10.2.2.2"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
    }
}
