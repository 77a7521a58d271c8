using System.Runtime.CompilerServices;
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

        // The median of five: the runtime may give back what earlier tests left (pooled arrays, finalizers) in the middle of one.
        var kept = new long[5];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = Kept();

        // Within a factor of two of 4 an event and 40 a session: the key table's arrays double as they grow.
        const long Events = 4L * Sessions * EventsEach;
        Assert.InRange(kept.Order().ElementAt(2), Events, Events + (80L * Sessions));

        // In a frame of its own: a slot of the loop's would keep the set of the round before alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        long Kept()
        {
            GC.WaitForPendingFinalizers();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var set = Build();
            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            GC.KeepAlive(set);
            return bytes;
        }

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
