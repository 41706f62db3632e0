using static Cep.SampleData.Wire;

namespace Cep.SampleData;

/// <summary>A Monday at a card issuer and a web shop: <c>auths.jsonl</c>, <c>orders.csv</c>, <c>shipments.jsonl</c>.</summary>
/// <remarks>
/// Beside the incidents there are near misses, one kind for every condition of the rules: whoever drops a condition gets false alerts.
/// </remarks>
/// <param name="day">How many days after the first Monday; other days have other events of the same kinds.</param>
public sealed class FraudDay(int day)
{
    private const int Cards = 260;
    private const int Orders = 720;

    private long Today { get; } = Midnight(2026, 3, 2) + day * 24 * Hour;

    private long Start => Today + 6 * Hour;

    private long End => Today + 22 * Hour;

    // The first eight are homes; the last four are only travelled to.
    private static readonly City[] Cities =
    [
        new("Berlin", "DE", 525200, 134050), new("Hamburg", "DE", 535511, 99937), new("Munich", "DE", 481351, 115820), new("Vienna", "AT", 482082, 163738),
        new("Paris", "FR", 488566, 23522), new("Madrid", "ES", 404168, -37038), new("London", "GB", 515074, -1278), new("Rome", "IT", 419028, 124964),
        new("Lisbon", "PT", 387223, -91393), new("New York", "US", 407128, -740060), new("Singapore", "SG", 13521, 1038198), new("Recife", "BR", -80476, -348770),
    ];

    // Weights add up to 100. A transit gate charges less than two euros a ride, like someone who tries out stolen numbers.
    private static readonly Merchant[] Merchants =
    [
        new("Grocer Nord", "pos", 800, 9000, 25), new("Cafe Mokka", "pos", 280, 950, 21), new("City Transit", "pos", 110, 190, 15), new("Snackomat", "pos", 120, 195, 4),
        new("Fuel & Go", "pos", 3000, 8500, 10), new("Elektro Plus", "pos", 15000, 89000, 4), new("Book Barn", "web", 900, 4500, 10), new("Streamly", "web", 799, 1599, 6),
        new("Rail Tickets", "web", 1900, 14000, 3), new(null, "web", 500, 3000, 2),
    ];

    /// <summary>The first day, with what is known to be in it.</summary>
    public static SampleSet Build() => new FraudDay(0).BuildDay();

    /// <summary>Writes the event files of so many days, one after the other: <c>auths.jsonl</c>, <c>orders.csv</c>, <c>shipments.jsonl</c>. A day has about 5,400 events.</summary>
    /// <param name="folder">Exists; files of those names are replaced.</param>
    /// <param name="days">At least 1.</param>
    public static void Write(string folder, int days)
    {
        for (var day = 0; day < days; day++)
        {
            foreach (var file in new FraudDay(day).BuildDay().Files) file.Write(folder, append: day > 0);
        }
    }

    private SampleSet BuildDay()
    {
        var random = new SplitMix64(20260302 + (ulong)day);
        var incidents = new List<Incident>();
        var auths = Auths(random, incidents);
        var (orders, shipments) = OrdersAndShipments(random, incidents);
        return new SampleSet([auths, orders, shipments], incidents);
    }

    private EventFile Auths(SplitMix64 random, List<Incident> incidents)
    {
        var auths = new List<Auth>();
        var homes = new City[Cards];
        for (var card = 0; card < Cards; card++)
        {
            homes[card] = Cities[random.Below(8)];
            OrdinaryDay(random, auths, card, homes[card]);
        }

        // Cards in the incidents and near misses are counted from the end, one story a card.
        var next = Cards;
        for (var i = 0; i < 9; i++) CardTesting(random, auths, --next, incidents);
        for (var i = 0; i < 4; i++) TwoProbesOnly(random, auths, --next);
        for (var i = 0; i < 4; i++) SlowProbes(random, auths, --next);
        for (var i = 0; i < 4; i++) CommuterBuysLaptop(random, auths, --next, homes[next]);
        for (var i = 0; i < 4; i++) ChargeInProportion(random, auths, --next);
        for (var i = 0; i < 4; i++) DeclinedProbes(random, auths, --next);
        for (var i = 0; i < 8; i++) ImpossibleTravel(random, auths, --next, homes[next], incidents);
        for (var i = 0; i < 6; i++) Flight(random, auths, --next, homes[next]);
        for (var i = 0; i < 6; i++) ForeignWebShop(random, auths, --next, homes[next]);
        return AuthFile(random, auths, firstStoryCard: next);
    }

    private void OrdinaryDay(SplitMix64 random, List<Auth> auths, int card, City home)
    {
        for (var left = random.Between(8, 15); left > 0; left--)
        {
            var at = Start + random.Below((int)(End - Start));
            auths.Add(Purchase(random, card, home, PickMerchant(random), at));
        }
    }

    private static Merchant PickMerchant(SplitMix64 random)
    {
        var percentile = random.Below(100);
        var index = 0;
        while ((percentile -= Merchants[index].Weight) >= 0) index++;
        return Merchants[index];
    }

    private static Auth Purchase(SplitMix64 random, int card, City city, Merchant merchant, long at) =>
        new(card, random.Between(merchant.LowCents, merchant.HighCents), merchant.Name, merchant.Channel, city, random.Chance(96), at);

    private static Auth Web(int card, int cents, string merchant, long at, bool approved = true) => new(card, cents, merchant, "web", null, approved, at);

    private static Auth Pos(int card, int cents, string merchant, City city, long at) => new(card, cents, merchant, "pos", city, true, at);

    /// <summary>A free stretch of the card's day: whatever it had there is taken out.</summary>
    private long Clear(SplitMix64 random, List<Auth> auths, int card, long before, long after)
    {
        var at = random.Between((int)(Start / Second + 5400), (int)(End / Second - 10800)) * Second + random.Below(1000);
        auths.RemoveAll(a => a.Card == card && a.TimeMs > at - before && a.TimeMs < at + after);
        return at;
    }

    private void CardTesting(SplitMix64 random, List<Auth> auths, int card, List<Incident> incidents)
    {
        var first = Clear(random, auths, card, 30 * Minute, 40 * Minute);
        var at = first;
        var probes = random.Between(3, 6);
        for (var i = 0; i < probes; i++)
        {
            auths.Add(Web(card, random.Between(50, 130), "Donate4All", at));
            if (random.Chance(40)) auths.Add(Web(card, random.Between(100, 199), "Donate4All", at + 7 * Second, approved: false));
            at += random.Between(15, 70) * Second + random.Below(1000);
        }

        var cents = random.Between(24000, 95000);
        auths.Add(Web(card, cents, "Gift Card Hub", at));
        incidents.Add(new Incident("card_testing", [CardId(card)], first, at, 1, $"{probes} probes, then {Cents(cents)} for gift cards"));
    }

    private void TwoProbesOnly(SplitMix64 random, List<Auth> auths, int card)
    {
        var at = Clear(random, auths, card, 30 * Minute, 40 * Minute);
        auths.Add(Web(card, 99, "Donate4All", at));
        auths.Add(Web(card, 100, "Donate4All", at + 40 * Second));
        auths.Add(Web(card, random.Between(20000, 60000), "Elektro Plus", at + 2 * Minute));
    }

    private void SlowProbes(SplitMix64 random, List<Auth> auths, int card)
    {
        var at = Clear(random, auths, card, 30 * Minute, Hour);
        for (var i = 0; i < 4; i++) auths.Add(Web(card, random.Between(80, 199), "Snackomat", at + i * 6 * Minute));
        auths.Add(Web(card, random.Between(20000, 60000), "Elektro Plus", at + 21 * Minute));
    }

    private void CommuterBuysLaptop(SplitMix64 random, List<Auth> auths, int card, City home)
    {
        var at = Clear(random, auths, card, 30 * Minute, 40 * Minute);
        for (var i = 0; i < 4; i++) auths.Add(Pos(card, random.Between(110, 190), "City Transit", home, at + i * 100 * Second));
        auths.Add(Pos(card, random.Between(40000, 120000), "Elektro Plus", home, at + 8 * Minute));
    }

    private void ChargeInProportion(SplitMix64 random, List<Auth> auths, int card)
    {
        var at = Clear(random, auths, card, 30 * Minute, 40 * Minute);
        for (var i = 0; i < 3; i++) auths.Add(Web(card, random.Between(185, 199), "Streamly", at + i * 50 * Second));
        auths.Add(Web(card, random.Between(10500, 14000), "Rail Tickets", at + 4 * Minute));
    }

    private void DeclinedProbes(SplitMix64 random, List<Auth> auths, int card)
    {
        var at = Clear(random, auths, card, 30 * Minute, 40 * Minute);
        for (var i = 0; i < 5; i++) auths.Add(Web(card, 100, "Donate4All", at + i * 30 * Second, approved: i == 0));
        auths.Add(Web(card, random.Between(20000, 60000), "Gift Card Hub", at + 4 * Minute));
    }

    private void ImpossibleTravel(SplitMix64 random, List<Auth> auths, int card, City home, List<Incident> incidents)
    {
        var first = Clear(random, auths, card, 90 * Minute, 150 * Minute);
        var second = first + random.Between(12, 55) * Minute + random.Below(60_000);
        var away = Cities[random.Between(9, 11)];
        auths.Add(Pos(card, random.Between(800, 9000), "Grocer Nord", home, first));
        auths.Add(Pos(card, random.Between(15000, 60000), "Elektro Plus", away, second));
        incidents.Add(new Incident("impossible_travel", [CardId(card)], first, second, 1, $"{home.Name}, then {away.Name} {(second - first) / Minute} minutes later"));
    }

    private void Flight(SplitMix64 random, List<Auth> auths, int card, City home)
    {
        var takeOff = Start + 2 * Hour + random.Below((int)(5 * Hour));
        auths.RemoveAll(a => a.Card == card && a.TimeMs > takeOff);
        auths.Add(Pos(card, 640, "Cafe Mokka", home, takeOff));
        // Three hours and a half to Lisbon, nine to New York: fast, and possible.
        var (away, hours) = random.Chance(50) ? (Cities[8], 3.5m) : (Cities[9], 9m);
        for (var i = 0; i < 4; i++) auths.Add(Pos(card, random.Between(800, 7000), "Airport Shop", away, takeOff + (long)(hours * Hour) + i * 17 * Minute));
    }

    private void ForeignWebShop(SplitMix64 random, List<Auth> auths, int card, City home)
    {
        var at = Clear(random, auths, card, 90 * Minute, 150 * Minute);
        auths.Add(Pos(card, random.Between(800, 9000), "Grocer Nord", home, at));
        auths.Add(new Auth(card, 2599, "Recife Records", "web", Cities[11], true, at + 9 * Minute));
        auths.Add(Pos(card, random.Between(300, 900), "Cafe Mokka", home, at + 26 * Minute));
    }

    private EventFile AuthFile(SplitMix64 random, List<Auth> auths, int firstStoryCard)
    {
        var file = new EventFile("auths.jsonl", delayMs: 30 * Second);
        var number = 0;
        foreach (var auth in auths.OrderBy(a => a.TimeMs))
        {
            number++;
            file.Add(auth.TimeMs, AuthLine(auth, number), Journey(random, auth, firstStoryCard));
        }

        const string fine = "\"amount\":12.50,\"channel\":\"web\",\"approved\":true";
        var noon = Today + 12 * Hour;
        file.AddMalformed(noon, "{\"id\":\"a-x1\",\"card_id\":\"c-0", "bad JSON: cut off");
        file.AddMalformed(noon + Hour, "upstream connect error or disconnect/reset before headers", "bad JSON: not an object at all");
        file.AddMalformed(noon + 2 * Hour, $"{{\"id\":\"a-x3\",{fine},\"ts\":\"2026-03-02T14:00:00.000Z\"}}", "required field card_id is missing");
        file.AddMalformed(noon + 3 * Hour, $"{{\"id\":\"a-x4\",\"card_id\":null,{fine},\"ts\":\"2026-03-02T15:00:00.000Z\"}}", "required field card_id is null");
        file.AddMalformed(noon + 4 * Hour, "{\"id\":\"a-x5\",\"card_id\":\"c-0001\",\"amount\":\"n/a\",\"channel\":\"web\",\"approved\":true,\"ts\":\"2026-03-02T16:00:00.000Z\"}", "amount is text");
        file.AddMalformed(noon + 5 * Hour, "{\"id\":\"a-x6\",\"card_id\":\"c-0001\",\"amount\":5.00,\"channel\":\"web\",\"approved\":\"maybe\",\"ts\":\"2026-03-02T17:00:00.000Z\"}", "approved is text");
        file.AddMalformed(noon + 6 * Hour, $"{{\"id\":\"a-x7\",\"card_id\":\"c-0001\",{fine},\"ts\":\"2 March, early evening\"}}", "ts is no timestamp");
        file.AddMalformed(noon + 7 * Hour, $"{{\"id\":\"a-x8\",\"card_id\":\"c-0001\",{fine}}}", "required field ts is missing");
        return file;
    }

    /// <summary>How long an authorisation travels: most at once, some up to 25 s, and a few sit for an hour in a terminal that is off line.</summary>
    private long Journey(SplitMix64 random, Auth auth, int firstStoryCard)
    {
        if (random.Chance(9)) return random.Between(1_000, 25_000);
        var midday = auth.TimeMs > Start + 3 * Hour && auth.TimeMs < End - 3 * Hour;
        var late = random.Below(110) == 0 && midday && auth.Card < firstStoryCard;
        return late ? random.Between(50, 90) * Minute : random.Below(900);
    }

    private static string AuthLine(Auth auth, int number)
    {
        var merchant = auth.Merchant is null ? "" : $"\"merchant\":\"{auth.Merchant}\",";
        var place = auth.City is { } city ? $"\"country\":\"{city.Country}\",\"lat\":{Degrees(city.Lat)},\"lon\":{Degrees(city.Lon)}," : "";
        var approved = auth.Approved ? "true" : "false";
        return $"{{\"id\":\"a-{number:00000}\",\"card_id\":\"{CardId(auth.Card)}\",\"amount\":{Cents(auth.Cents)},{merchant}\"channel\":\"{auth.Channel}\",{place}"
            + $"\"approved\":{approved},\"ts\":\"{Utc(auth.TimeMs)}\"}}";
    }

    private static string CardId(int card) => $"c-{card:0000}";

    private (EventFile Orders, EventFile Shipments) OrdersAndShipments(SplitMix64 random, List<Incident> incidents)
    {
        var orders = new EventFile("orders.csv", delayMs: Minute, header: "order_id,customer,status,total,placed_in,at");
        var shipments = new EventFile("shipments.jsonl", delayMs: 5 * Minute);
        for (var number = 1; number <= Orders; number++)
        {
            var order = new Order($"o-{number:0000}", $"u-{random.Below(400):000}", random.Between(990, 24900), random.Pick(["app", "web", "phone"]));
            var placed = Start + random.Below((int)(11 * Hour));
            orders.Add(placed, OrderLine(order, "placed", placed), Hiccup(random));
            if (random.Chance(7))
            {
                var cancelled = placed + random.Between(5, 60) * Minute;
                orders.Add(cancelled, OrderLine(order, "cancelled", cancelled), Hiccup(random));
                continue;
            }

            var paid = placed + random.Between(40, 1200) * Second + random.Below(1000);
            orders.Add(paid, OrderLine(order, "paid", paid), Hiccup(random));
            if (random.Below(40) == 0) orders.Add(paid, OrderLine(order, "placed", paid - 30 * Second), random.Between(50, 70) * Minute);
            Ship(random, shipments, order, number, paid, incidents);
        }

        var noon = Today + 12 * Hour;
        orders.AddMalformed(noon, "o-9001,u-001,paid,12.00,app", "the row ends before the column at");
        orders.AddMalformed(noon + Minute, "o-9002,u-001,paid,twelve,app,2026-03-02T12:01:00.000Z", "total is no number");
        orders.AddMalformed(noon + 2 * Minute, "o-9003,u-001,paid,12.00,app,2026-13-45T25:00:00.000Z", "at is no timestamp");
        orders.AddMalformed(noon + 3 * Minute, ",u-001,paid,12.00,app,2026-03-02T12:03:00.000Z", "required field order_id is empty");
        shipments.AddMalformed(noon, "[\"o-0001\",\"Northpost\"]", "an array, not an object");
        shipments.AddMalformed(noon + Minute, "{\"order_ref\":17,\"carrier\":\"post\",\"shipped_at\":1772452860000}", "order_ref is a number");
        return (orders, shipments);
    }

    /// <summary>What becomes of a paid order: usually on its way within hours; some are never sent, or after the four hours that were promised.</summary>
    private static void Ship(SplitMix64 random, EventFile shipments, Order order, int number, long paid, List<Incident> incidents)
    {
        var late = number % 160 == 0;
        var never = number % 97 == 0;
        if (late || never)
        {
            var story = never ? $"{Cents(order.Cents)} paid and never sent" : $"{Cents(order.Cents)} paid, sent after the deadline";
            incidents.Add(new Incident("order_not_shipped", [order.Id], paid, paid + 4 * Hour, 1, story));
        }

        if (never) return;
        var minutes = late ? random.Between(241, 280) : random.Chance(3) ? random.Between(225, 238) : random.Between(5, 200);
        var shipped = paid + minutes * Minute + random.Below(60_000);
        var arrivesAfter = random.Chance(20) ? random.Between(5_000, 235_000) : random.Below(1_500);
        shipments.Add(shipped, ShipmentLine(order, "packed", shipped), arrivesAfter);
        // A parcel is scanned again at the depot; the depot's scanner sends some of its scans an hour late.
        if (random.Chance(30)) shipments.Add(shipped + 20 * Minute, ShipmentLine(order, "depot", shipped + 20 * Minute), number % 6 == 0 ? 65 * Minute : 800);
    }

    private static long Hiccup(SplitMix64 random) => random.Chance(12) ? random.Between(1_000, 50_000) : random.Below(700);

    private static string OrderLine(Order order, string status, long at) => $"{order.Id},{order.Customer},{status},{Cents(order.Cents)},{order.Channel},{Utc(at)}";

    private static string ShipmentLine(Order order, string scan, long at) => $"{{\"order_ref\":\"{order.Id}\",\"carrier\":\"Northpost\",\"scan\":\"{scan}\",\"shipped_at\":{at}}}";

    /// <summary>Where a purchase was made, in ten-thousandths of a degree.</summary>
    private sealed record City(string Name, string Country, int Lat, int Lon);

    private sealed record Merchant(string? Name, string Channel, int LowCents, int HighCents, int Weight);

    private sealed record Auth(int Card, int Cents, string? Merchant, string Channel, City? City, bool Approved, long TimeMs);

    private sealed record Order(string Id, string Customer, int Cents, string Channel);
}
