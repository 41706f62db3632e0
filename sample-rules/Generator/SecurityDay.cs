using static Cep.SampleData.Wire;

namespace Cep.SampleData;

/// <summary>A Tuesday in a company's network: <c>logins.jsonl</c> of the single sign-on and <c>connections.csv.gz</c> of the firewall.</summary>
/// <remarks>The internet's background noise is in it: attacks that fail, people who forget passwords, machines that retry, scans too slow to see.</remarks>
public static class SecurityDay
{
    private const int Users = 180;

    private static readonly long Start = Midnight(2026, 3, 3);
    private static readonly string[] ServiceNames = ["root", "admin", "backup", "oracle", "test", "guest"];
    private static readonly int[] CommonPorts = [22, 53, 80, 123, 443, 443, 443, 993, 3306, 5432, 8080, 8443];

    public static SampleSet Build()
    {
        var random = new SplitMix64(20260303);
        var incidents = new List<Incident>();
        var logins = Logins(random, incidents);
        var connections = Connections(random, incidents);
        return new SampleSet([logins, connections], incidents);
    }

    private static EventFile Logins(SplitMix64 random, List<Incident> incidents)
    {
        var logins = new List<Login>();
        for (var user = 0; user < Users; user++) OrdinaryUser(random, logins, user);
        for (var i = 0; i < 40; i++) PasswordGuesser(random, logins);
        for (var i = 0; i < 5; i++) ForgottenPassword(random, logins, failures: 4, gapSeconds: 9);
        for (var i = 0; i < 5; i++) ForgottenPassword(random, logins, failures: 7, gapSeconds: 120);
        for (var i = 0; i < 4; i++) SharedAddress(random, logins);
        for (var i = 0; i < 8; i++) BreakIn(random, logins, random.Between(6, 26), gapSeconds: 6, incidents);
        BreakIn(random, logins, failures: 70, gapSeconds: 13, incidents);

        var file = new EventFile("logins.jsonl", delayMs: 20 * Second);
        foreach (var login in logins.OrderBy(l => l.TimeMs)) file.Add(login.TimeMs, LoginLine(login), Journey(random, login));
        const string alice = "\"user\":\"u-001\",\"src_ip\":\"10.1.0.1\",\"outcome\":\"success\"";
        var noon = Start + 12 * Hour;
        file.AddMalformed(noon, $"{{{alice},\"ts\":{noon}", "bad JSON: the brace is not closed");
        file.AddMalformed(noon + Hour, $"{{{alice},\"ts\":true}}", "ts is a bool");
        file.AddMalformed(noon + 2 * Hour, $"{{{alice},\"ts\":\"03/03/2026 14:00\"}}", "ts is no ISO-8601 timestamp");
        file.AddMalformed(noon + 3 * Hour, $"{{\"user\":\"u-001\",\"src_ip\":\"10.1.0.1\",\"ts\":{noon + 3 * Hour}}}", "required field outcome is missing");
        file.AddMalformed(noon + 4 * Hour, $"{{\"user\":[\"u-001\"],\"src_ip\":\"10.1.0.1\",\"outcome\":\"success\",\"ts\":{noon + 4 * Hour}}}", "user is an array");
        return file;
    }

    private static void OrdinaryUser(SplitMix64 random, List<Login> logins, int user)
    {
        var office = $"10.1.{user / 50}.{10 + user % 50}";
        var home = $"84.{random.Between(16, 190)}.{random.Below(256)}.{random.Between(1, 254)}";
        for (var left = random.Between(9, 16); left > 0; left--)
        {
            var at = Start + 6 * Hour + random.Below((int)(14 * Hour));
            var address = random.Chance(75) ? office : home;
            // A slip of the finger or two, then the right password.
            for (var slips = random.Chance(12) ? random.Between(1, 2) : 0; slips > 0; slips--)
                logins.Add(new Login(UserName(user), address, "failure", at - slips * random.Between(5, 20) * Second));
            logins.Add(new Login(UserName(user), address, "success", at));
        }
    }

    /// <summary>An address on the internet that tries one account, slowly, and never gets in.</summary>
    private static void PasswordGuesser(SplitMix64 random, List<Login> logins)
    {
        var address = PublicAddress(random);
        var name = random.Pick(ServiceNames);
        var at = Start + random.Below((int)(22 * Hour));
        for (var left = random.Between(4, 14); left > 0; left--)
        {
            logins.Add(new Login(name, address, "failure", at));
            at += random.Between(20, 70) * Second + random.Below(1000);
        }
    }

    private static void ForgottenPassword(SplitMix64 random, List<Login> logins, int failures, int gapSeconds)
    {
        var user = UserName(random.Below(Users));
        var address = PublicAddress(random);
        var at = Start + random.Between(7, 19) * Hour + random.Below((int)Hour);
        for (var i = 0; i < failures; i++) logins.Add(new Login(user, address, "failure", at + i * gapSeconds * Second));
        logins.Add(new Login(user, address, "success", at + failures * gapSeconds * Second));
    }

    /// <summary>Many people behind one address: each fails once, all get in. Only a key of address and user tells them from an attack.</summary>
    private static void SharedAddress(SplitMix64 random, List<Login> logins)
    {
        var address = PublicAddress(random);
        var at = Start + random.Between(8, 17) * Hour;
        var first = random.Below(Users - 8);
        for (var i = 0; i < 8; i++)
        {
            logins.Add(new Login(UserName(first + i), address, "failure", at + i * 11 * Second));
            logins.Add(new Login(UserName(first + i), address, "success", at + (120 + i * 7) * Second));
        }
    }

    private static void BreakIn(SplitMix64 random, List<Login> logins, int failures, int gapSeconds, List<Incident> incidents)
    {
        var user = UserName(random.Below(Users));
        var address = PublicAddress(random);
        var first = Start + random.Between(1, 22) * Hour + random.Below((int)(30 * Minute));
        for (var i = 0; i < failures; i++) logins.Add(new Login(user, address, "failure", first + i * gapSeconds * Second + random.Below(900)));
        var success = first + failures * gapSeconds * Second;
        logins.Add(new Login(user, address, "success", success));
        incidents.Add(new Incident("brute_force_then_login", [address, user], first, success, 1, $"{failures} wrong passwords, then the right one"));
    }

    /// <summary>Most logins arrive at once, some up to 15 s later; a branch office whose line was down sends a few an hour late.</summary>
    private static long Journey(SplitMix64 random, Login login)
    {
        if (random.Chance(10)) return random.Between(1_000, 15_000);
        var branchOffice = login.Address.StartsWith("10.1.3.", StringComparison.Ordinal) && login.TimeMs < Start + 18 * Hour;
        return branchOffice && random.Chance(4) ? random.Between(60, 80) * Minute : random.Below(500);
    }

    private static EventFile Connections(SplitMix64 random, List<Incident> incidents)
    {
        var connections = new List<Connection>();
        for (var left = 3_000; left > 0; left--) Ordinary(random, connections);
        for (var i = 0; i < 5; i++) RetryStorm(random, connections);
        for (var i = 0; i < 5; i++) SlowScan(random, connections);
        for (var i = 0; i < 3; i++) Sweep(random, connections);
        foreach (var ports in new[] { 15, 20, 24, 31, 45, 62, 15 }) Scan(random, connections, ports, incidents);

        var file = new EventFile("connections.csv.gz", delayMs: 5 * Second, header: "ts,src_ip,src_port,dst_ip,dst_port,proto,state,bytes");
        foreach (var connection in connections.OrderBy(c => c.TimeMs)) file.Add(connection.TimeMs, ConnectionLine(random, connection), Delay(random, connection));
        var noon = Start + 12 * Hour;
        file.AddMalformed(noon, $"{Utc(noon)},192.0.2.1,40000,10.2.0.5,https,tcp,established,512", "dst_port is no number");
        file.AddMalformed(noon + Hour, $"{Utc(noon)},192.0.2.1,40000,10.2.0.5,443,tcp,,512", "required field state is empty");
        file.AddMalformed(noon + 2 * Hour, "-- log rotated --", "a row of one column");
        return file;
    }

    private static void Ordinary(SplitMix64 random, List<Connection> connections)
    {
        var at = Start + random.Below((int)(24 * Hour) - 60_000);
        var state = random.Chance(93) ? "established" : random.Chance(70) ? "refused" : "timeout";
        connections.Add(new Connection(Client(random), Server(random), random.Pick(CommonPorts), state, at));
    }

    /// <summary>A client that was set up wrongly asks for the same port over and over: many refusals, one port.</summary>
    private static void RetryStorm(SplitMix64 random, List<Connection> connections)
    {
        var (client, server) = (Client(random), Server(random));
        var at = Start + random.Below((int)(23 * Hour));
        for (var i = 0; i < 40; i++) connections.Add(new Connection(client, server, 5432, "refused", at + i * 1_500));
    }

    /// <summary>A port every eight seconds: below what a window of 30 s can see.</summary>
    private static void SlowScan(SplitMix64 random, List<Connection> connections)
    {
        var (scanner, server) = (PublicAddress(random), Server(random));
        var at = Start + random.Below((int)(23 * Hour));
        for (var i = 0; i < 25; i++) connections.Add(new Connection(scanner, server, 20 + i, "refused", at + i * 8_000 + random.Below(500)));
    }

    /// <summary>One port on many machines: a sweep, which is not what this rule looks for.</summary>
    private static void Sweep(SplitMix64 random, List<Connection> connections)
    {
        var scanner = PublicAddress(random);
        var at = Start + random.Below((int)(23 * Hour));
        for (var i = 0; i < 40; i++) connections.Add(new Connection(scanner, $"10.2.0.{i + 1}", 3389, "refused", at + i * 200));
    }

    private static void Scan(SplitMix64 random, List<Connection> connections, int ports, List<Incident> incidents)
    {
        var (scanner, server) = (PublicAddress(random), Server(random));
        var first = Start + random.Below((int)(23 * Hour));
        var at = first;
        var port = random.Between(1, 1000);
        for (var i = 0; i < ports; i++)
        {
            connections.Add(new Connection(scanner, server, port, "refused", at));
            // One port in eight is open, which interrupts the refusals but not the scan.
            if (random.Below(8) == 0) connections.Add(new Connection(scanner, server, port + 1, "established", at + 30));
            port += random.Between(2, 40);
            at += random.Between(60, 400);
        }

        incidents.Add(new Incident("port_scan", [scanner, server], first, at, 1, $"{ports} closed ports in {(at - first) / 1000m} s"));
    }

    private static long Delay(SplitMix64 random, Connection connection)
    {
        if (random.Chance(15)) return random.Between(200, 4_000);
        var old = connection.State == "established" && connection.TimeMs < Start + 20 * Hour && random.Below(220) == 0;
        return old ? random.Between(60, 100) * Minute : random.Below(80);
    }

    private static string Client(SplitMix64 random) => $"10.1.{random.Below(4)}.{random.Between(10, 59)}";

    private static string Server(SplitMix64 random) => $"10.2.0.{random.Between(1, 40)}";

    private static string PublicAddress(SplitMix64 random) => $"203.0.{random.Between(80, 113)}.{random.Between(1, 254)}";

    private static string UserName(int user) => $"u-{user:000}";

    private static string LoginLine(Login login) => $"{{\"user\":\"{login.User}\",\"src_ip\":\"{login.Address}\",\"outcome\":\"{login.Outcome}\",\"ts\":{login.TimeMs}}}";

    private static string ConnectionLine(SplitMix64 random, Connection c)
    {
        var bytes = c.State == "established" ? random.Between(120, 90_000) : 0;
        return $"{Utc(c.TimeMs)},{c.Client},{random.Between(32768, 60999)},{c.Server},{c.Port},tcp,{c.State},{bytes}";
    }

    private sealed record Login(string User, string Address, string Outcome, long TimeMs);

    private sealed record Connection(string Client, string Server, int Port, string State, long TimeMs);
}
