using NextItem.Tests.Models;

namespace NextItem.Tests.Sessions;

/// <summary>The memory that the documentation promises.</summary>
[Collection(nameof(AllocationTests))]
public class SessionMemoryTests
{
    [Fact]
    public void SessionSet_ManyEvents_KeepsFourBytesAnEventAndAboutFortyASession()
    {
        const int Sessions = 20_000, EventsEach = 25;
        var keys = Enumerable.Range(0, 500).Select(i => $"item{i}").ToArray();
        var sessionKeys = Enumerable.Range(0, Sessions).Select(i => $"s{i}").ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var set = Build();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(set);

        // Within a factor of two of 4 an event and 40 a session: the key table's arrays double as they grow.
        Assert.InRange(kept, 4L * set.EventCount, (4L * set.EventCount) + (80L * Sessions));

        SessionSet Build()
        {
            var builder = new SessionSetBuilder();
            for (var e = 0; e < Sessions * EventsEach; e++)
                builder.Add(sessionKeys[e % Sessions], keys[e % keys.Length], e);
            return builder.Build();
        }
    }

    [Fact]
    public void Builder_ManyEvents_AllocatesAbout24BytesAnEventUntilBuilt()
    {
        const int Events = 1 << 19;
        var builder = new SessionSetBuilder();
        builder.Add("s", "i", 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var e = 1; e < Events; e++)
            builder.Add("s", "i", e);
        var set = builder.Build();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Events, 20, 26);
        Assert.Equal(Events, set.EventCount);
    }
}
