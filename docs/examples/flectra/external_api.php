<?php
// The calls of Flectra's external API document in PHP, in its order, against $ODOO_URL (profile flectra-2.0).
// Ripcord and the extension xmlrpc are gone from PHP 8, so a client of one class stands in for `ripcord::client`;
// like Ripcord it sends array() as an empty list, where a mapping is meant too.  Needs the extension simplexml.
declare(strict_types=1);

final class Client
{
    public function __construct(private string $url)
    {
    }

    public function __call(string $method, array $arguments): mixed
    {
        $params = implode('', array_map(fn ($value) => '<param>' . self::encode($value) . '</param>', $arguments));
        $body = "<?xml version='1.0'?><methodCall><methodName>$method</methodName><params>$params</params></methodCall>";
        $http = ['method' => 'POST', 'header' => "Content-Type: text/xml\r\nConnection: close\r\n", 'content' => $body];
        $answer = new SimpleXMLElement(file_get_contents($this->url, false, stream_context_create(['http' => $http])));
        if (isset($answer->fault)) {
            throw new RuntimeException(self::decode($answer->fault->value)['faultString']);
        }
        return self::decode($answer->params->param->value);
    }

    private static function encode(mixed $value): string
    {
        return '<value>' . match (true) {
            is_bool($value) => '<boolean>' . (int) $value . '</boolean>',
            is_int($value) => "<int>$value</int>",
            is_string($value) => '<string>' . htmlspecialchars($value, ENT_XML1) . '</string>',
            array_is_list($value) => '<array><data>' . implode('', array_map(self::encode(...), $value))
                . '</data></array>',
            default => '<struct>' . implode('', array_map(
                fn ($name) => "<member><name>$name</name>" . self::encode($value[$name]) . '</member>',
                array_keys($value)
            )) . '</struct>',
        } . '</value>';
    }

    private static function decode(SimpleXMLElement $value): mixed
    {
        foreach ($value->children() as $type => $inner) {
            switch ($type) {
                case 'int':
                    return (int) $inner;
                case 'double':
                    return (float) $inner;
                case 'boolean':
                    return (string) $inner === '1';
                case 'array':
                    $items = [];
                    foreach ($inner->data->value as $item) {
                        $items[] = self::decode($item);
                    }
                    return $items;
                case 'struct':
                    $members = [];
                    foreach ($inner->member as $member) {
                        $members[(string) $member->name] = self::decode($member->value);
                    }
                    return $members;
            }
            return (string) $inner;
        }
        return (string) $value;
    }
}

function check(mixed $expected, mixed $answer): void
{
    if ($expected != $answer || gettype($expected) !== gettype($answer)) {
        throw new RuntimeException('expected ' . json_encode($expected) . ', got ' . json_encode($answer));
    }
}

function sorted_keys(array $mapping): array
{
    $keys = array_keys($mapping);
    sort($keys);
    return $keys;
}

[$url, $db, $username, $password, $key] = array_map(
    'getenv',
    ['ODOO_URL', 'ODOO_DB', 'ODOO_LOGIN', 'ODOO_PASSWORD', 'ODOO_API_KEY']
);

// demo: a test database of one's own
$info = (new Client("$url/start"))->start();
check(['database', 'host', 'password', 'user'], sorted_keys($info));
$common = new Client("$url/xmlrpc/2/common");
check('integer', gettype($common->authenticate($info['database'], $info['user'], $info['password'], array())));

// logging in
check(
    [
        'server_version' => '13.0',
        'server_version_info' => [13, 0, 0, 'final', 0],
        'server_serie' => '13.0',
        'protocol_version' => 1,
    ],
    $common->version()
);
$uid = $common->authenticate($db, $username, $password, array());
check('integer', gettype($uid));
if ($key) { // it stands for the password
    check($uid, $common->authenticate($db, $username, $key, array()));
    $password = $key;
}

// calling methods
$models = new Client("$url/xmlrpc/2/object");
check(true, $models->execute_kw($db, $uid, $password,
    'res.partner', 'check_access_rights', array('read'), array('raise_exception' => false)));

// listing, pages, counting
$companies = array(array(array('is_company', '=', true)));
$found = $models->execute_kw($db, $uid, $password, 'res.partner', 'search', $companies);
check(true, count($found) > 0);
check(array_slice($found, 10, 5), $models->execute_kw($db, $uid, $password,
    'res.partner', 'search', $companies, array('offset' => 10, 'limit' => 5)));
check(count($found), $models->execute_kw($db, $uid, $password, 'res.partner', 'search_count', $companies));

// reading
$ids = $models->execute_kw($db, $uid, $password, 'res.partner', 'search', $companies, array('limit' => 1));
check(array_slice($found, 0, 1), $ids);
$records = $models->execute_kw($db, $uid, $password, 'res.partner', 'read', array($ids));
check(true, count($records[0]) > 100); // the document counts 121, which depends on the modules
$records = $models->execute_kw($db, $uid, $password,
    'res.partner', 'read', array($ids), array('fields' => array('name', 'country_id', 'comment')));
check(['comment', 'country_id', 'id', 'name'], sorted_keys($records[0]));
check($ids[0], $records[0]['id']);

// fields
$fields = $models->execute_kw($db, $uid, $password,
    'res.partner', 'fields_get', array(), array('attributes' => array('string', 'help', 'type')));
check(['type' => 'char', 'help' => 'BarCode', 'string' => 'EAN13'], $fields['ean13']);
check(['type' => 'boolean', 'help' => '', 'string' => 'Signup Token is Valid'], $fields['signup_valid']);
check(['type' => 'date', 'help' => '', 'string' => 'Geo Localization Date'], $fields['date_localization']);

// search and read
$records = $models->execute_kw($db, $uid, $password, 'res.partner', 'search_read', $companies,
    array('fields' => array('name', 'country_id', 'comment'), 'limit' => 5));
check(array_slice($found, 0, 5), array_column($records, 'id'));
foreach ($records as $record) {
    check(['comment', 'country_id', 'id', 'name'], sorted_keys($record));
}

// creating, updating, deleting
$id = $models->execute_kw($db, $uid, $password, 'res.partner', 'create', array(array('name' => 'New Partner')));
check('integer', gettype($id));
check(true, $models->execute_kw($db, $uid, $password,
    'res.partner', 'write', array(array($id), array('name' => 'Newer partner'))));
check([[$id, 'Newer partner']], $models->execute_kw($db, $uid, $password,
    'res.partner', 'name_get', array(array($id))));
check(true, $models->execute_kw($db, $uid, $password, 'res.partner', 'unlink', array(array($id))));
check([], $models->execute_kw($db, $uid, $password,
    'res.partner', 'search', array(array(array('id', '=', $id)))));

// ir.model: a custom model begins with the built-in fields alone
$models->execute_kw($db, $uid, $password, 'ir.model', 'create', array(array(
    'name' => 'Custom Model', 'model' => 'x_custom_model', 'state' => 'manual',
)));
check(
    [
        'create_uid' => ['type' => 'many2one', 'string' => 'Created by'],
        'create_date' => ['type' => 'datetime', 'string' => 'Created on'],
        '__last_update' => ['type' => 'datetime', 'string' => 'Last Modified on'],
        'write_uid' => ['type' => 'many2one', 'string' => 'Last Updated by'],
        'write_date' => ['type' => 'datetime', 'string' => 'Last Updated on'],
        'display_name' => ['type' => 'char', 'string' => 'Display Name'],
        'id' => ['type' => 'integer', 'string' => 'Id'],
    ],
    $models->execute_kw($db, $uid, $password,
        'x_custom_model', 'fields_get', array(), array('attributes' => array('string', 'help', 'type')))
);

// ir.model.fields: and is used at once, without access rights
$id = $models->execute_kw($db, $uid, $password, 'ir.model', 'create', array(array(
    'name' => 'Custom Model', 'model' => 'x_custom', 'state' => 'manual',
)));
$models->execute_kw($db, $uid, $password, 'ir.model.fields', 'create', array(array(
    'model_id' => $id, 'name' => 'x_name', 'ttype' => 'char', 'state' => 'manual', 'required' => true,
)));
$record_id = $models->execute_kw($db, $uid, $password,
    'x_custom', 'create', array(array('x_name' => 'test record')));
[$record] = $models->execute_kw($db, $uid, $password, 'x_custom', 'read', array(array($record_id)));
check(
    ['__last_update', 'create_date', 'create_uid', 'display_name', 'id', 'write_date', 'write_uid', 'x_name'],
    sorted_keys($record)
);
check([1, 'test record', 'test record'], [$record['id'], $record['x_name'], $record['display_name']]);
check($uid, $record['create_uid'][0]);
check(1, preg_match('/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/', $record['create_date']));

echo "every call of the document was answered as printed\n";
