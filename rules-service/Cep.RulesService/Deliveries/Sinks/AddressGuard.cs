using System.Net;
using System.Net.Sockets;

namespace Cep.RulesService.Deliveries.Sinks;

/// <summary>Keeps requests to sinks away from the machine itself and its neighbours, whatever a name resolves to (server-side request forgery).</summary>
/// <remarks>The address that is connected to is the one that was looked at: a name cannot resolve to another one in between.</remarks>
internal sealed class AddressGuard(IReadOnlyList<string> allowedHosts)
{
    // Where clouds answer questions about a machine, credentials among them, beside 169.254.169.254.
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("100.100.100.200"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("fd00:ec2::254")];

    private static readonly IPNetwork[] Forbidden =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("255.255.255.255/32"),
        IPNetwork.Parse("::/127"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fec0::/10"), IPNetwork.Parse("ff00::/8"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether an address is loopback, link-local, unspecified, multicast, broadcast or of cloud metadata, also where it is written as one of IPv6.</summary>
    public static bool IsForbidden(IPAddress address)
    {
        var meant = Meant(address);
        return Metadata.Contains(meant) || Forbidden.Any(network => network.Contains(meant));
    }

    /// <summary>Whether the configuration allows a host in spite of its address.</summary>
    public static bool IsAllowed(string host, IReadOnlyList<string> allowedHosts) => allowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentence for a forbidden address.</summary>
    public static string WhyForbidden(string host, IPAddress address) =>
        $"Alerts are not sent to `{host}`: its address {address} is one of the machine itself, link-local, multicast or of cloud metadata, and Cep:Alerts:AllowedHosts does not name the host.";

    /// <summary>Connects to a host, as <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="IOException">None of its addresses may be connected to.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancel).ConfigureAwait(false);
        var permitted = IsAllowed(host, allowedHosts) ? addresses : addresses.Where(a => !IsForbidden(a)).ToArray();
        if (permitted.Length == 0)
            throw new IOException(addresses.Length == 0 ? $"The host `{host}` has no address." : WhyForbidden(host, addresses[0]));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The address of IPv4 that one of IPv6 stands for, and else the address.</summary>
    private static IPAddress Meant(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        return Nat64.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4)) : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : new IPAddress(bytes);
    }
}
