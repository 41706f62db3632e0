using static Cep.SampleData.Wire;

namespace Cep.SampleData;

/// <summary>One shift in a plant, 08:00 to 14:00 local time: <c>readings.jsonl</c> of its temperature sensors, one every two minutes each.</summary>
public static class PlantShift
{
    private const int Sensors = 26;
    private const long Period = 2 * Minute;

    private static readonly long Start = Midnight(2026, 3, 4) + 7 * Hour;
    private static readonly long End = Start + 6 * Hour;

    public static SampleSet Build()
    {
        var random = new SplitMix64(20260304);
        var incidents = new List<Incident>();
        var file = new EventFile("readings.jsonl", delayMs: 2 * Minute);
        for (var sensor = 1; sensor <= Sensors; sensor++)
        {
            var readings = OrdinaryShift(random, sensor);
            switch (sensor)
            {
                case 3 or 8 or 11 or 17 or 22: Overheat(random, readings, sensor, incidents); break;
                case 5 or 19: WarmButSteady(random, readings); break;
                case 6 or 14: ClimbsWithDips(random, readings); break;
                case 2 or 12 or 20: FallSilent(random, readings, sensor, random.Between(14, 45) * Minute, incidents); break;
                case 25: FallSilent(random, readings, sensor, End, incidents); break;
                case 9: LoseTheLine(readings, sensor, incidents); break;
                case 4 or 15: SwitchOffForRepair(readings); break;
                case 7: ShortGap(readings); break;
            }

            foreach (var reading in readings) file.Add(reading.TimeMs, ReadingLine(sensor, reading), reading.ArrivesAfterMs);
        }

        AddMalformed(file);
        return new SampleSet([file], incidents);
    }

    private static List<Reading> OrdinaryShift(SplitMix64 random, int sensor)
    {
        var readings = new List<Reading>();
        var tenths = random.Between(420, 560);
        for (var due = Start + sensor * 4 * Second; due < End; due += Period)
        {
            // A walk that is drawn back to 50 degrees and stays below 69.
            tenths = Math.Clamp(tenths + random.Between(-14, 14) + (500 - tenths) / 25, 380, 690);
            var arrivesAfter = random.Chance(10) ? random.Between(5_000, 110_000) : random.Below(900);
            readings.Add(new Reading(due + random.Below(5_000), tenths, "on", arrivesAfter));
        }

        // The sensor says that it goes off, so that its silence afterwards means nothing.
        var last = readings[^1];
        readings.Add(last with { TimeMs = last.TimeMs + Minute, State = "off", ArrivesAfterMs = 300 });
        return readings;
    }

    private static void Overheat(SplitMix64 random, List<Reading> readings, int sensor, List<Incident> incidents)
    {
        var first = random.Between(20, 140);
        var rises = random.Between(4, 8);
        var tenths = random.Between(700, 720);
        readings[first - 1] = readings[first - 1] with { Tenths = 695 };
        for (var i = first; i <= first + rises; i++)
        {
            readings[i] = readings[i] with { Tenths = tenths };
            tenths += random.Between(8, 35);
        }

        readings[first + rises + 1] = readings[first + rises + 1] with { Tenths = 690 };
        incidents.Add(new Incident("overheating", [SensorId(sensor)], readings[first].TimeMs, readings[first + 4].TimeMs, 1, $"{rises} rises in a row from {Tenths(readings[first].Tenths)}"));
    }

    private static void WarmButSteady(SplitMix64 random, List<Reading> readings)
    {
        for (var i = 60; i < 80; i++) readings[i] = readings[i] with { Tenths = i % 3 == 0 ? 731 : random.Between(732, 739) };
    }

    private static void ClimbsWithDips(SplitMix64 random, List<Reading> readings)
    {
        var tenths = 702;
        for (var i = 90; i < 104; i++)
        {
            readings[i] = readings[i] with { Tenths = tenths };
            tenths += i % 4 == 3 ? -5 : random.Between(6, 15);
        }
    }

    private static void FallSilent(SplitMix64 random, List<Reading> readings, int sensor, long silence, List<Incident> incidents)
    {
        var last = readings[random.Between(25, 110)];
        readings.RemoveAll(r => r.TimeMs > last.TimeMs && r.TimeMs < last.TimeMs + silence);
        var story = silence >= End ? "never heard of again" : $"nothing for {silence / Minute} minutes";
        incidents.Add(new Incident("silent_sensor", [SensorId(sensor)], last.TimeMs, last.TimeMs + 10 * Minute, 1, story));
    }

    /// <summary>The gateway keeps the readings of half an hour and sends them when its line is back: too late for the rule, which saw silence.</summary>
    private static void LoseTheLine(List<Reading> readings, int sensor, List<Incident> incidents)
    {
        var down = readings[70].TimeMs + 1;
        var up = down + 34 * Minute;
        for (var i = 71; readings[i].TimeMs < up; i++)
        {
            // What was kept for less than five minutes is left out, to stay clear of the two minutes the stream allows.
            readings[i] = readings[i] with { ArrivesAfterMs = up - readings[i].TimeMs };
        }

        readings.RemoveAll(r => r.TimeMs > up - 5 * Minute && r.TimeMs < up);
        incidents.Add(new Incident("silent_sensor", [SensorId(sensor)], down - 1, down - 1 + 10 * Minute, 1, "line down for 34 minutes; the readings came too late"));
    }

    private static void SwitchOffForRepair(List<Reading> readings)
    {
        var off = readings[50] with { State = "off" };
        readings[50] = off;
        readings.RemoveAll(r => r.TimeMs > off.TimeMs && r.TimeMs < off.TimeMs + 50 * Minute);
    }

    /// <summary>Nine and a half minutes: nearly silent.</summary>
    private static void ShortGap(List<Reading> readings)
    {
        var last = readings[100];
        readings.RemoveAll(r => r.TimeMs > last.TimeMs && r.TimeMs < last.TimeMs + 9 * Minute);
    }

    private static void AddMalformed(EventFile file)
    {
        var noon = Start + 4 * Hour;
        file.AddMalformed(noon, "{\"sensor_id\":\"s-01\",\"temp\":51.", "bad JSON: cut off");
        file.AddMalformed(noon + Minute, $"{{\"sensor_id\":\"s-01\",\"temp\":\"51.2 C\",\"state\":\"on\",\"ts\":\"{CentralEurope(noon)}\"}}", "temp is text");
        file.AddMalformed(noon + 2 * Minute, $"{{\"temp\":51.2,\"state\":\"on\",\"ts\":\"{CentralEurope(noon)}\"}}", "required field sensor_id is missing");
        file.AddMalformed(noon + 3 * Minute, "{\"sensor_id\":\"s-01\",\"temp\":51.2,\"state\":\"on\",\"ts\":\"1970\"}", "ts is a year");
        file.AddMalformed(noon + 4 * Minute, "\u0000\u0000\u0000\u0000", "zero bytes from a gateway that lost power");
    }

    // Humidity is optional: the older sensors do not measure it.
    private static string ReadingLine(int sensor, Reading reading)
    {
        var humidity = sensor % 3 == 0 ? "" : $"\"humidity\":{40 + reading.Tenths % 17},";
        return $"{{\"sensor_id\":\"{SensorId(sensor)}\",\"temp\":{Tenths(reading.Tenths)},{humidity}\"state\":\"{reading.State}\",\"ts\":\"{CentralEurope(reading.TimeMs)}\"}}";
    }

    private static string SensorId(int sensor) => $"s-{sensor:00}";

    private sealed record Reading(long TimeMs, int Tenths, string State, long ArrivesAfterMs);
}
