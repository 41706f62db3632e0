using Cep.SampleData;

const string Usage = """
    Writes the event files of the samples, and streams of any length for benchmarks. The same arguments give the same bytes.

      fraud|security|iot FOLDER      FOLDER/events/* and FOLDER/expected/truth.json
      fraud FOLDER --days N          N days of fraud events in FOLDER/*, about 5,400 a day: 370 are 2 million
      stream [--events N] [--keys K] [--base-ms MS] [--seed S] FILE|-
                                     N events (1000000) of K keys (10000) as JSON lines, 1 ms apart from MS + 1 (0), seed 42:
                                     {"key":k,"type":"A".."E","price":0..100,"ts":epoch ms}
    """;

switch (args)
{
    case ["fraud", var folder]: FraudDay.Build().Write(folder); return 0;
    case ["fraud", var folder, "--days", var text] when int.TryParse(text, out var days) && days > 0:
        FraudDay.Write(Directory.CreateDirectory(folder).FullName, days);
        return 0;
    case ["security", var folder]: SecurityDay.Build().Write(folder); return 0;
    case ["iot", var folder]: PlantShift.Build().Write(folder); return 0;
    case ["stream", .. var options] when BenchmarkStream.Parse(options) is { } stream: stream.Write(); return 0;
    case ["--help"]: Console.WriteLine(Usage); return 0;
    default: Console.Error.WriteLine(Usage); return 2;
}
