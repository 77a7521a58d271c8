using System.Buffers.Binary;
using System.Text;

namespace NextItem.Server.Sessions;

/// <summary>A session as bytes, for stores outside the process.</summary>
/// <remarks>
/// A byte for the format, then little-endian: events (int), the model's version, the state, the items, the ids of events, the variant; texts and the
/// state with their length in bytes before them (int), lists with their count.
/// </remarks>
internal static class SessionBytes
{
    private const byte Format = 1;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a session.</summary>
    public static byte[] Of(SessionRecord session)
    {
        using var stream = new MemoryStream();
        stream.WriteByte(Format);
        Write(stream, session.EventCount);
        Write(stream, session.ModelVersion);
        Write(stream, session.State.Length);
        stream.Write(session.State.Span);
        Write(stream, session.Items);
        Write(stream, session.EventIds);
        Write(stream, session.Variant);
        return stream.ToArray();
    }

    /// <summary>Reads a session.</summary>
    /// <exception cref="SessionStoreException">These are no bytes of <see cref="Of"/>.</exception>
    public static SessionRecord Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Span[0] != Format)
            throw new SessionStoreException($"The stored session has format {(bytes.IsEmpty ? "nothing" : bytes.Span[0])}; expected {Format}. Another version of NextItem wrote it, or somebody else.");
        try
        {
            var rest = bytes[1..];
            var session = new SessionRecord
            {
                EventCount = Number(ref rest),
                ModelVersion = Text(ref rest),
                State = Take(ref rest, Number(ref rest)),
                Items = Texts(ref rest),
                EventIds = Texts(ref rest),
                Variant = Text(ref rest),
            };
            return rest.IsEmpty ? session : throw new ArgumentException($"{rest.Length} bytes are left.");
        }
        catch (ArgumentException e)
        {
            throw new SessionStoreException($"The stored session is damaged: {e.Message}", e);
        }
    }

    private static void Write(MemoryStream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    private static void Write(MemoryStream stream, string text)
    {
        var bytes = s_utf8.GetBytes(text);
        Write(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static void Write(MemoryStream stream, IReadOnlyList<string> texts)
    {
        Write(stream, texts.Count);
        foreach (var text in texts)
            Write(stream, text);
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static int Number(ref ReadOnlyMemory<byte> rest) => BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, sizeof(int)).Span);

    private static string Text(ref ReadOnlyMemory<byte> rest) => s_utf8.GetString(Take(ref rest, Number(ref rest)).Span);

    private static string[] Texts(ref ReadOnlyMemory<byte> rest)
    {
        var count = Number(ref rest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rest.Length / sizeof(int), nameof(count));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var texts = new string[count];
        for (var i = 0; i < count; i++)
            texts[i] = Text(ref rest);
        return texts;
    }
}
