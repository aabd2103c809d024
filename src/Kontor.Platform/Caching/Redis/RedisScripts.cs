namespace Kontor.Platform.Caching.Redis;

/// <summary>What Redis does in one step, so that nothing comes between looking and writing.</summary>
/// <remarks>
/// The state is a hash: the generation, which is part of every other key; <c>swept</c>, the last sequence up to which all
/// evictions are told; and <c>floor</c>, before which some may be forgotten. A body carries the sequence of its head and
/// its tags. Each tag has a key with the last sequence that evicted it, or a later one; a body counts while the keys of all
/// its tags are there and not newer than its head, so that whatever Redis drops by itself takes bodies out and never
/// brings one back. What was flushed has lost its state, and gets a new generation; so does one that missed evictions.
/// </remarks>
static class RedisScripts
{
    /// <summary>How long an eviction is remembered of a tag that no body has.</summary>
    const int MarksLastMs = 60_000;

    /// <summary>A load that took longer, by Redis' own clock, is not stored.</summary>
    const int LoadsLastMs = 5_000;

    const string Now = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        """;

    /// <summary>KEYS state; ARGV prefix, generation to draw if there is none, sequence applied by whoever asks, keys. Answers
    /// generation, time, swept, and for each key nothing or head, tags, remaining ms, body.</summary>
    public const string Find = $$"""
        {{Now}}
        local state = redis.call('HMGET', KEYS[1], 'gen', 'swept')
        local gen, prefix = state[1], ARGV[1]
        if not gen then
            redis.call('HSET', KEYS[1], 'gen', ARGV[2], 'swept', ARGV[3], 'floor', ARGV[3])
            return {ARGV[2], now, ARGV[3]}
        end
        local answer = {gen, now, state[2]}
        for i = 4, #ARGV do
            local at = prefix .. 'b:' .. gen .. ':' .. ARGV[i]
            local body = redis.call('HMGET', at, 'head', 'tags', 'body')
            local good = body[1] and body[2] and body[3]
            if good then
                for tag in string.gmatch(body[2], '[^\n]+') do
                    local mark = redis.call('GET', prefix .. 't:' .. gen .. ':' .. tag)
                    if not mark or tonumber(mark) > tonumber(body[1]) then
                        good = false
                        break
                    end
                end
            end
            if good then
                answer[#answer + 1] = {body[1], body[2], redis.call('PTTL', at), body[3]}
            else
                answer[#answer + 1] = {}
            end
        end
        return answer
        """;

    /// <summary>KEYS state; ARGV prefix, generation and time of asking, head, ms that it lasts, key, tags, body.</summary>
    public static readonly string Store = $$"""
        {{Now}}
        local state = redis.call('HMGET', KEYS[1], 'gen', 'floor')
        local prefix, gen, head, lasts = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
        if state[1] ~= gen or head < tonumber(state[2]) or now - tonumber(ARGV[3]) > {{LoadsLastMs}} then
            return 0
        end
        for tag in string.gmatch(ARGV[7], '[^\n]+') do
            local mark = redis.call('GET', prefix .. 't:' .. gen .. ':' .. tag)
            if mark and tonumber(mark) > head then
                return 0
            end
        end
        for tag in string.gmatch(ARGV[7], '[^\n]+') do
            local at = prefix .. 't:' .. gen .. ':' .. tag
            if not redis.call('GET', at) then
                redis.call('SET', at, head, 'PX', lasts + {{MarksLastMs}})
            elseif redis.call('PTTL', at) < lasts then
                redis.call('PEXPIRE', at, lasts + {{MarksLastMs}})
            end
        end
        local at = prefix .. 'b:' .. gen .. ':' .. ARGV[6]
        redis.call('HSET', at, 'head', ARGV[4], 'tags', ARGV[7], 'body', ARGV[8])
        redis.call('PEXPIRE', at, lasts)
        return 1
        """;

    /// <summary>KEYS state; ARGV prefix, generation to draw if need be, from and to which sequence these are all evictions,
    /// whether all goes, then tags and sequences by turns.</summary>
    public static readonly string Evict = $$"""
        local state = redis.call('HMGET', KEYS[1], 'gen', 'swept')
        local prefix, gen, from, to = ARGV[1], state[1], tonumber(ARGV[3]), tonumber(ARGV[4])
        local swept = tonumber(state[2])
        if gen and swept >= to then
            return 0
        end
        if not gen or swept < from or ARGV[5] == '1' then
            redis.call('HSET', KEYS[1], 'gen', ARGV[2], 'swept', ARGV[4], 'floor', ARGV[4])
            return 2
        end
        for i = 6, #ARGV, 2 do
            local at = prefix .. 't:' .. gen .. ':' .. ARGV[i]
            local mark = redis.call('GET', at)
            if not mark then
                redis.call('SET', at, ARGV[i + 1], 'PX', {{MarksLastMs}})
            elseif tonumber(mark) < tonumber(ARGV[i + 1]) then
                local left = math.max(redis.call('PTTL', at), {{MarksLastMs}})
                redis.call('SET', at, ARGV[i + 1], 'PX', left)
            end
        end
        redis.call('HSET', KEYS[1], 'swept', ARGV[4])
        return 1
        """;
}
