using NextItem.Data;

namespace NextItem.Fuzz.Targets;

/// <summary><see cref="EventsFile.Read"/>: text, gzipped text, and Parquet. The reader takes paths, so an input is a file for the while.</summary>
internal abstract class EventsTarget : FuzzTarget
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nextitem-fuzz-").FullName;

    public sealed override Outcome Take(byte[] input)
    {
        var path = Path.Combine(_folder, "events");
        File.WriteAllBytes(path, input);
        var outcome = Outcome.Refused;
        foreach (var columns in Columns)
        {
            try
            {
                var sessions = EventsFile.Read(path, columns);
                if (sessions.Count == 0 || sessions.Catalog.Count == 0)
                    throw new InvalidOperationException("There are no sessions or no items, and nothing was said.");
                outcome = Outcome.Read;
            }
            catch (EventsFileException e)
            {
                Refusal(e);
            }
        }

        return outcome;
    }

    public override void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    /// <summary>The ways to read it, one after the other.</summary>
    protected virtual IEnumerable<EventColumns> Columns => [new EventColumns()];

    /// <summary>The bytes that the writer makes of the shop's events.</summary>
    protected byte[] Written()
    {
        var path = Path.Combine(_folder, "written");
        EventsFile.Write(path, SmallShop.Events());
        return File.ReadAllBytes(path);
    }
}
