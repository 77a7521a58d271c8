using NextItem.Server.Sessions;

namespace NextItem.Server.Tests.Sessions;

public sealed class SessionBytesTests
{
    private static readonly SessionRecord s_session = new()
    {
        Items = ["a", "ü\0", new string('x', 512)],
        EventIds = ["e1", "e2"],
        EventCount = 7,
        ModelVersion = "797dea148b37",
        Variant = "B",
        State = new byte[] { 0, 255, 13 },
    };

    [Fact]
    public void Session_WrittenAndRead_IsTheSame()
    {
        foreach (var session in new[] { s_session, SessionRecord.Empty })
        {
            var read = SessionBytes.Read(SessionBytes.Of(session));
            Assert.Equal((session.EventCount, session.ModelVersion, session.Variant), (read.EventCount, read.ModelVersion, read.Variant));
            Assert.Equal(session.Items, read.Items);
            Assert.Equal(session.EventIds, read.EventIds);
            Assert.Equal(session.State.ToArray(), read.State.ToArray());
        }
    }

    /// <summary>Cut anywhere, or with any length in it changed, it is refused, and never a reason to ask for gigabytes.</summary>
    [Fact]
    public void Bytes_ThatAreDamaged_AreRefused()
    {
        var bytes = SessionBytes.Of(s_session);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<SessionStoreException>(() => SessionBytes.Read(bytes.AsMemory(0, length)));
        Assert.Throws<SessionStoreException>(() => SessionBytes.Read((byte[])[.. bytes, 0]));
        foreach (var at in new[] { 0, 8, 24, 31, 35, bytes.Length - 2 })
            Assert.Throws<SessionStoreException>(() => SessionBytes.Read(bytes.Select((one, i) => i == at ? (byte)0x7F : one).ToArray()));
    }
}
